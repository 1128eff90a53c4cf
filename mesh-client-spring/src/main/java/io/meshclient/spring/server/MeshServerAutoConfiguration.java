package io.meshclient.spring.server;

import io.meshclient.MeshClient;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.MeshClientAutoConfiguration;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** What becomes of requests that come in, for whichever kind of server. */
@AutoConfiguration(after = MeshClientAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnBean(MeshClient.class)
@ConditionalOnProperty(name = "mesh.client.inbound.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshServerProperties.class)
public final class MeshServerAutoConfiguration {

  MeshServerAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  ServerPipeline meshServerPipeline(
      MeshServerProperties properties,
      MeshClient mesh,
      PropagationPolicy propagation,
      Environment environment,
      ObjectProvider<IdentitySource> identity,
      ObjectProvider<OpenTelemetry> openTelemetry,
      ObjectProvider<MeshServerCustomizer> customizers) {
    ServerPipeline.Builder builder =
        ServerPipeline.builder().policy(propagation).telemetry(mesh.telemetry());
    if (properties.enforce()) {
      builder.inboundRules(mesh);
    }
    identity.ifUnique(source -> builder.identity(IdentityTls.of(source)));
    if (environment.getProperty("mesh.client.telemetry.enabled", Boolean.class, true)) {
      openTelemetry.ifUnique(telemetry -> builder.propagators(telemetry.getPropagators()));
    }
    InboundSettings.apply(properties, builder);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }
}
