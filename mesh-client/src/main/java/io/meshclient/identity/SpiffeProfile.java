package io.meshclient.identity;

import java.security.cert.CertificateException;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** {@code https_spiffe}: by the SVID of one server. */
final class SpiffeProfile extends EndpointProfile {
  private final SpiffeId server;
  private final @Nullable TrustBundle first;

  SpiffeProfile(SpiffeId server, @Nullable TrustBundle first) {
    if (!server.namesWorkload()) {
      throw new IllegalArgumentException("server: " + server + " (expected: an ID with a path)");
    }
    if (first != null && !first.trustDomain().equals(server.trustDomain())) {
      throw new IllegalArgumentException(
          "first: of " + first.trustDomain() + " (expected: of " + server.trustDomain() + ")");
    }
    this.server = server;
    this.first = first;
  }

  @Override
  @Nullable TrustBundle given(TrustDomain trustDomain) {
    return trustDomain.equals(server.trustDomain()) ? first : null;
  }

  @Override
  BundleSet vouching(BundleSet known) throws IdentityException {
    TrustBundle newest = known.bundle(server.trustDomain());
    TrustBundle vouching = newest == null ? first : newest;
    if (vouching == null) {
      throw new IdentityException(
          "no bundle to check " + server + " by (known: " + known.trustDomains() + ")");
    }
    return BundleSet.of(vouching);
  }

  @Override
  SSLContext context(BundleSet vouching, Clock clock) {
    return SnapshotTls.contextOf(new NoKeys(), trust(vouching, clock));
  }

  @Override
  void check(SSLSession session, BundleSet vouching, Clock clock)
      throws CertificateException, SSLPeerUnverifiedException {
    trust(vouching, clock).verify(SessionPeer.chain(session));
  }

  private SnapshotTrust trust(BundleSet vouching, Clock clock) {
    ExpectedPeer expected = ExpectedPeer.parse(server.toString());
    return new SnapshotTrust(vouching, expected, clock);
  }

  @Override
  public String toString() {
    return "https_spiffe " + server;
  }
}
