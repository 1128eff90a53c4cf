/** {@code mesh explain}: an explanation as text for people, and as JSON of a documented shape. */
@NullMarked
package io.meshclient.cli.explain;

import org.jspecify.annotations.NullMarked;
