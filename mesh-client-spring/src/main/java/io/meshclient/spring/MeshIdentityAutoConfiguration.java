package io.meshclient.spring;

import io.meshclient.identity.IdentitySource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Who the workload is, where {@code mesh.client.identity.*} says where that is to be had. */
@AutoConfiguration(beforeName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnProperty(name = "mesh.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshClientProperties.class)
public final class MeshIdentityAutoConfiguration {

  MeshIdentityAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  @Conditional(OnSource.class)
  IdentitySource meshIdentitySource(MeshClientProperties properties) {
    return IdentitySources.started(properties.identity());
  }

  @Bean
  @ConditionalOnBean(IdentitySource.class)
  SslBundleRegistrar meshSslBundleRegistrar(
      IdentitySource identity, MeshClientProperties properties) {
    return new IdentityBundle(properties.identity().sslBundle(), identity);
  }

  /** One of the properties that name a source. */
  static final class OnSource extends AnyNestedCondition {

    OnSource() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty(IdentitySources.PREFIX + ".pem-directory")
    static class ByPemDirectory {}

    @ConditionalOnProperty(IdentitySources.PREFIX + ".key-store")
    static class ByKeyStore {}

    @ConditionalOnProperty(IdentitySources.PREFIX + ".workload-api")
    static class ByWorkloadApi {}

    @ConditionalOnProperty(IdentitySources.PREFIX + ".sds")
    static class BySds {}
  }
}
