package io.meshclient;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A destination is not who it should be, and nothing was sent to it: another came, or somebody who
 * could not prove who they are. The message names both, who was expected and who came.
 */
public final class PeerIdentityException extends MeshCallException {
  private static final long serialVersionUID = 1L;

  private final transient ExpectedPeer expected;
  private final transient @Nullable SpiffeId presented;

  PeerIdentityException(
      String destination,
      ExpectedPeer expected,
      @Nullable SpiffeId presented,
      @Nullable Throwable cause) {
    super(
        destination
            + ": peer: "
            + (presented == null ? "unknown" : presented)
            + " (expected: "
            + expected
            + ")"
            + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage()),
        cause);
    this.expected = expected;
    this.presented = presented;
  }

  /** Who was expected. */
  public ExpectedPeer expected() {
    return expected;
  }

  /** Who came, or claimed to; {@code null} if that could not be read. */
  public @Nullable SpiffeId presented() {
    return presented;
  }
}
