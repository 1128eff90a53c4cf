/**
 * What the library's hot parts cost, beside others' that do the same. {@code bench/run} builds and
 * runs this.
 */
@NullMarked
package io.meshclient.bench;

import org.jspecify.annotations.NullMarked;
