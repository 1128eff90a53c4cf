package io.meshclient.identity;

import java.security.cert.CertificateException;

/**
 * A peer has proven who it is, and is not who was expected. A {@link CertificateException}, so that
 * a trust manager can throw it as it is.
 */
public final class UnexpectedPeerException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final transient SpiffeId id;

  UnexpectedPeerException(ExpectedPeer expected, SpiffeId id) {
    super("peer: " + id + " (expected: " + expected + ")");
    this.id = id;
  }

  /** Who came. */
  public SpiffeId id() {
    return id;
  }
}
