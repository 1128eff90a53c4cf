package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
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
