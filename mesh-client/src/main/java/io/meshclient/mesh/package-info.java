/** Which mesh is around, and who owns what: the library or the mesh. */
@NullMarked
package io.meshclient.mesh;

import org.jspecify.annotations.NullMarked;
