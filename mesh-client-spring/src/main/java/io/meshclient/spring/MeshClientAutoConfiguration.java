package io.meshclient.spring;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** The application's {@link MeshClient}, by {@code mesh.client.*}. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
    })
@ConditionalOnProperty(name = "mesh.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshClientProperties.class)
public final class MeshClientAutoConfiguration {

  MeshClientAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  MeshClient meshClient(
      MeshClientProperties properties,
      Environment environment,
      ResourceLoader resources,
      ObjectProvider<OpenTelemetry> openTelemetry,
      ObjectProvider<MeshClientBuilderCustomizer> customizers) {
    MeshClientBuilder builder = MeshClient.builder();
    new MeshClientSettings(properties, environment, resources).applyTo(builder);
    openTelemetry.ifUnique(builder::openTelemetry);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }
}
