/** Options that several commands share. */
@NullMarked
package io.meshclient.cli.options;

import org.jspecify.annotations.NullMarked;
