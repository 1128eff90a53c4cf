package io.meshclient.mesh;

import java.util.Locale;

/** Who does a thing. */
public enum Owner {
  /** This library, in the application's process. */
  LIBRARY,
  /** A proxy of the mesh. The library keeps its hands off. */
  MESH;

  /** {@code library} or {@code mesh}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
