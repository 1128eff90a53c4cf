package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The workload's identity, by properties and as an SSL bundle. */
class IdentityTest {
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/web");

  private final LocalAuthority authority;
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MeshClientAutoConfiguration.class,
                  MeshIdentityAutoConfiguration.class,
                  SslAutoConfiguration.class))
          .withPropertyValues("mesh.client.mode=none");

  IdentityTest() throws IOException {
    authority = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
  }

  private WorkloadIdentity identity() {
    return new WorkloadIdentity(authority.issue(WEB), authority.bundles());
  }

  @Test
  void identity_is_a_bundle_that_is_renewed(@TempDir Path directory) throws Exception {
    PemDirectorySource.write(directory, identity());
    runner
        .withPropertyValues("mesh.client.identity.pem-directory=" + directory)
        .run(
            context -> {
              assertThat(context.getBean(IdentitySource.class).identity().svid().id())
                  .isEqualTo(WEB);
              SslBundles bundles = context.getBean(SslBundles.class);
              assertThat(bundles.getBundle("mesh").createSslContext()).isNotNull();
              X509Certificate first = leaf(bundles);
              CountDownLatch renewed = new CountDownLatch(1);
              bundles.addBundleUpdateHandler("mesh", bundle -> renewed.countDown());
              PemDirectorySource.write(directory, identity());
              assertThat(renewed.await(30, TimeUnit.SECONDS)).isTrue();
              assertThat(leaf(bundles)).isNotEqualTo(first);
            });
  }

  @Test
  void identity_in_a_key_store_is_a_bundle_of_the_name_it_is_given(@TempDir Path directory)
      throws Exception {
    char[] password = "correct".toCharArray();
    WorkloadIdentity identity = identity();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "web",
        identity.svid().privateKey(),
        password,
        identity.svid().chain().toArray(Certificate[]::new));
    store.setCertificateEntry(
        "root", identity.bundles().bundle(WEB.trustDomain()).x509Authorities().get(0));
    Path file = directory.resolve("web.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    runner
        .withPropertyValues(
            "mesh.client.identity.key-store=" + file,
            "mesh.client.identity.key-store-password=correct",
            "mesh.client.identity.ssl-bundle=own")
        .run(
            context -> {
              assertThat(context.getBean(IdentitySource.class).identity().svid().id())
                  .isEqualTo(WEB);
              SslBundles bundles = context.getBean(SslBundles.class);
              assertThat(bundles.getBundleNames()).containsExactly("own");
              assertThat(bundles.getBundle("own").createSslContext()).isNotNull();
            });
  }

  private static X509Certificate leaf(SslBundles bundles) throws Exception {
    KeyStore store = bundles.getBundle("mesh").getStores().getKeyStore();
    return (X509Certificate) store.getCertificate("svid");
  }

  @Test
  void without_a_source_there_is_no_bundle() {
    runner.run(
        context ->
            assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(IdentitySource.class)
                .doesNotHaveBean("meshSslBundleRegistrar"));
  }

  @Test
  void two_sources_are_one_too_many(@TempDir Path directory) {
    runner
        .withPropertyValues(
            "mesh.client.identity.pem-directory=" + directory,
            "mesh.client.identity.workload-api=environment")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("2 sources"));
  }
}
