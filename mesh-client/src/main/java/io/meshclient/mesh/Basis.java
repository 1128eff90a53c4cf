package io.meshclient.mesh;

/** What a {@link MeshMode} rests on. */
public enum Basis {
  /** The application, or its environment, said so. */
  TOLD("told"),
  /** The proxy's own endpoint answered, on a port that only the proxy's user listens on. */
  CONFIRMED("confirmed"),
  /** Ports or the pod's annotations say so, which others could have opened or written. */
  CLAIMED("claimed"),
  /** Nothing was seen so far, and it may be too early to see anything. */
  LOOKING("still looking"),
  /** Nothing was seen in time. */
  NOT_SEEN("not seen");

  private final String word;

  Basis(String word) {
    this.word = word;
  }

  /** In lower case, for people. */
  public String word() {
    return word;
  }

  /** Whether identity and authorization may be left to the mesh. */
  public boolean isSure() {
    return this == TOLD || this == CONFIRMED;
  }
}
