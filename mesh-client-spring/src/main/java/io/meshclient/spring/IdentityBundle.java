package io.meshclient.spring;

import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * The workload's identity as an SSL bundle, renewed as the identity is: for the server's own port
 * ({@code server.ssl.bundle=mesh}), and for what else speaks TLS. It trusts the bundles of all
 * known trust domains; who the peer is, is for the filter to look at.
 */
record IdentityBundle(String name, IdentitySource identity) implements SslBundleRegistrar {
  private static final Logger log = LoggerFactory.getLogger(IdentityBundle.class);
  private static final String ALIAS = "svid";

  @Override
  public void registerBundles(SslBundleRegistry registry) {
    AtomicBoolean registered = new AtomicBoolean();
    identity.onChange(newer -> put(registry, newer, registered));
    put(registry, identity.identity(), registered);
    if (!registered.get()) {
      log.warn("No SSL bundle \"{}\" yet: there is no identity", name);
    }
  }

  /** It may come, from the source's thread, while the first is looked at. */
  private void put(
      SslBundleRegistry registry, @Nullable WorkloadIdentity newer, AtomicBoolean registered) {
    if (newer == null) {
      return;
    }
    if (registered.compareAndSet(false, true)) {
      registry.registerBundle(name, bundle(newer));
    } else {
      registry.updateBundle(name, bundle(newer));
    }
  }

  private static SslBundle bundle(WorkloadIdentity identity) {
    try {
      return SslBundle.of(SslStoreBundle.of(keys(identity), "", trusted(identity)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("identity: " + identity.svid().id(), e);
    }
  }

  private static KeyStore keys(WorkloadIdentity identity)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        ALIAS,
        identity.svid().privateKey(),
        new char[0],
        identity.svid().chain().toArray(Certificate[]::new));
    return store;
  }

  private static KeyStore trusted(WorkloadIdentity identity)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (TrustDomain domain : identity.bundles().trustDomains()) {
      var bundle = identity.bundles().bundle(domain);
      int i = 0;
      for (X509Certificate authority :
          bundle == null ? List.<X509Certificate>of() : bundle.x509Authorities()) {
        store.setCertificateEntry(domain + "-" + i++, authority);
      }
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
