/** {@code mesh identity}: SPIFFE identities, looked at. */
@NullMarked
package io.meshclient.cli.identity;

import org.jspecify.annotations.NullMarked;
