/** {@code mesh export}: the compiled policy, written for proxies. */
@NullMarked
package io.meshclient.cli.export;

import org.jspecify.annotations.NullMarked;
