package io.meshclient.identity;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose chains of certificates are, for servers that tell no session to keep it with. What was
 * found out holds until a certificate expires or the bundles change; refusals are not kept. Safe
 * from any thread.
 */
final class ChainPeers {
  private static final int MOST = 1_024;

  private final Map<List<X509Certificate>, SessionPeer> known = new ConcurrentHashMap<>();

  SpiffeId peer(List<X509Certificate> chain, BundleSet bundles, Clock clock)
      throws SvidRejectedException {
    SessionPeer before = known.get(chain);
    if (before != null && before.holds(bundles, clock)) {
      return before.id();
    }
    SessionPeer now = SessionPeer.verified(chain, bundles, clock);
    if (known.size() >= MOST) {
      known.clear(); // those that come again are soon back
    }
    known.put(chain, now);
    return now.id();
  }
}
