package io.meshclient.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom one snapshot's bundles vouch for, if it is the one who is expected: first what a certificate
 * proves, then whether that is welcome. No host name plays a part.
 */
final class SnapshotTrust extends X509ExtendedTrustManager {
  private static final Logger log = LoggerFactory.getLogger(SnapshotTrust.class);

  private final BundleSet bundles;
  private final ExpectedPeer expected;
  private final Clock clock;

  SnapshotTrust(BundleSet bundles, ExpectedPeer expected, Clock clock) {
    this.bundles = bundles;
    this.expected = expected;
    this.clock = clock;
  }

  SpiffeId verify(X509Certificate[] chain) throws CertificateException {
    SpiffeId id = X509Svid.verify(List.of(chain), bundles, clock);
    expected.check(id);
    return id;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    try {
      verify(chain);
    } catch (CertificateException e) {
      // Servers tell nobody why a handshake failed, and the client hears no more than an alert.
      log.warn("Client refused: {}", e.getMessage());
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket ignored)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine ignored)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket ignored)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine ignored)
      throws CertificateException {
    verify(chain);
  }

  /** None: a server that names authorities keeps federated clients from showing what they have. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
