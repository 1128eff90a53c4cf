/** Spans that services and sidecars send: receives them, and shows a trace's as a tree. */
@NullMarked
package io.meshclient.examples.spans;

import org.jspecify.annotations.NullMarked;
