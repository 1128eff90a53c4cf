package io.meshclient.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Clock;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS of one snapshot towards one expected peer: key, chain and bundles of a handshake are always
 * of the same moment. Its sessions are its own, so that none is resumed under another snapshot or
 * for another peer.
 *
 * <p>Immutable, and safe from any thread; made by {@link IdentityTls}.
 */
public final class SnapshotTls {
  private final WorkloadIdentity snapshot;
  private final ExpectedPeer expected;
  private final Clock clock;
  private final SnapshotTrust trust;
  private final SSLContext context;
  private final SSLSocketFactory sockets;
  private final HostnameVerifier verifier = (host, session) -> verify(session);

  SnapshotTls(WorkloadIdentity snapshot, ExpectedPeer expected, Clock clock) {
    this.snapshot = snapshot;
    this.expected = expected;
    this.clock = clock;
    this.trust = new SnapshotTrust(snapshot.bundles(), expected, clock);
    this.context = contextOf(new SnapshotKeys(snapshot.svid()), trust);
    this.sockets = context.getSocketFactory();
  }

  static SSLContext contextOf(KeyManager keys, TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS (expected: the JDK's)", e);
    }
  }

  public WorkloadIdentity identity() {
    return snapshot;
  }

  public ExpectedPeer expected() {
    return expected;
  }

  SSLContext context() {
    return context;
  }

  /** Always the same object, so that a client's pool tells connections by it. */
  public SSLSocketFactory sockets() {
    return sockets;
  }

  public X509TrustManager trustManager() {
    return trust;
  }

  /**
   * Takes the place of the check of host names. The trust manager is not asked when a session is
   * resumed; this is, on each new connection, and checks all over again. Always the same object.
   */
  public HostnameVerifier verifier() {
    return verifier;
  }

  private boolean verify(SSLSession session) {
    try {
      trust.verify(SessionPeer.chain(session));
      return true;
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      // The next handshake is a whole one, which tells why.
      session.invalidate();
      return false;
    }
  }

  /**
   * Who is at the other end of a connection, checked as if it were new: connections live longer
   * than certificates. Cheap, where nothing has changed since the last time.
   *
   * @throws SvidRejectedException if what was shown proves nothing any more
   * @throws SSLPeerUnverifiedException if nothing was shown
   */
  public SpiffeId peer(SSLSession session)
      throws SvidRejectedException, SSLPeerUnverifiedException {
    return SessionPeer.of(session, snapshot.bundles(), clock);
  }
}
