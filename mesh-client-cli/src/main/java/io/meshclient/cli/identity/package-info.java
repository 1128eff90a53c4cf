/** {@code mesh identity}: SPIFFE identities, looked at and, for development, minted and served. */
@NullMarked
package io.meshclient.cli.identity;

import org.jspecify.annotations.NullMarked;
