/** The {@code mesh} command: {@link io.meshclient.cli.Main}. */
@NullMarked
package io.meshclient.cli;

import org.jspecify.annotations.NullMarked;
