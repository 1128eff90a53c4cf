package io.meshclient.mesh;

/** Asks the local proxy over HTTP on the loopback interface. */
public interface Prober {

  /**
   * Asks, and waits for the answer a second at most.
   *
   * @param method {@code GET} or {@code POST}
   * @return the answer's status; -1 if there was none
   */
  int ask(String method, int port, String path);
}
