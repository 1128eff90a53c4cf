package io.meshclient.identity;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who is at the other end of a TLS session. What was found out is kept with the session, and holds
 * until a certificate expires or the bundles change.
 */
record SessionPeer(SpiffeId id, BundleSet bundles, Instant until) {
  private static final String KEPT = SessionPeer.class.getName();

  static SpiffeId of(SSLSession session, BundleSet bundles, Clock clock)
      throws SvidRejectedException, SSLPeerUnverifiedException {
    if (session.getValue(KEPT) instanceof SessionPeer known && known.holds(bundles, clock)) {
      return known.id;
    }
    SessionPeer peer = verified(List.of(chain(session)), bundles, clock);
    session.putValue(KEPT, peer);
    return peer.id;
  }

  static SessionPeer verified(List<X509Certificate> chain, BundleSet bundles, Clock clock)
      throws SvidRejectedException {
    SpiffeId id = X509Svid.verify(chain, bundles, clock);
    Instant end =
        chain.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    return new SessionPeer(id, bundles, end.plus(X509Verification.SKEW));
  }

  boolean holds(BundleSet now, Clock clock) {
    return bundles.equals(now) && !clock.instant().isAfter(until);
  }

  static X509Certificate[] chain(SSLSession session) throws SSLPeerUnverifiedException {
    Certificate[] shown = session.getPeerCertificates();
    X509Certificate[] chain = new X509Certificate[shown.length];
    for (int i = 0; i < shown.length; i++) {
      if (!(shown[i] instanceof X509Certificate certificate)) {
        throw new SSLPeerUnverifiedException("certificate " + i + ": not X.509");
      }
      chain[i] = certificate;
    }
    return chain;
  }
}
