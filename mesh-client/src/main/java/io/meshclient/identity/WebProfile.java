package io.meshclient.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** {@code https_web}: as any page on the web, host name and all. */
final class WebProfile extends EndpointProfile {
  private final List<X509Certificate> authorities;

  /**
   * @param authorities none for the platform's
   */
  WebProfile(List<X509Certificate> authorities) {
    this.authorities = authorities;
  }

  @Override
  @Nullable TrustBundle given(TrustDomain trustDomain) {
    return null;
  }

  @Override
  BundleSet vouching(BundleSet known) {
    return BundleSet.of();
  }

  @Override
  SSLContext context(BundleSet vouching, Clock clock) throws IdentityException {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities.isEmpty() ? null : store());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("no TLS by Web PKI: " + Quoted.messageOf(e), e);
    }
  }

  private KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority" + i, authorities.get(i));
    }
    return store;
  }

  /** The platform's rules for its own sessions are the web's. */
  @Override
  void check(SSLSession session, BundleSet vouching, Clock clock) {}

  @Override
  public String toString() {
    return "https_web";
  }
}
