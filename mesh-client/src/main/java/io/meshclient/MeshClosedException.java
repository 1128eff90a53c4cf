package io.meshclient;

/** A call through a {@link MeshClient} that has been closed. */
public final class MeshClosedException extends MeshCallException {
  private static final long serialVersionUID = 1L;

  MeshClosedException() {
    super("the MeshClient is closed (expected: calls before close())", null);
  }
}
