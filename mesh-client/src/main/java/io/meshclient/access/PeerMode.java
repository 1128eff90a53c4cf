package io.meshclient.access;

/** What a port takes, by PeerAuthentication. */
public enum PeerMode {
  /** Plaintext only: TLS is not looked for. */
  DISABLE,
  /** Plaintext, and mutual TLS where the client offers one of Istio's protocols (ALPN). */
  PERMISSIVE,
  /** Mutual TLS only. */
  STRICT
}
