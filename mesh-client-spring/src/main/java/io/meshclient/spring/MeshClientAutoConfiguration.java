package io.meshclient.spring;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.identity.IdentitySource;
import io.meshclient.telemetry.MeshTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** The application's {@link MeshClient}, by {@code mesh.client.*}. */
@AutoConfiguration(
    after = MeshIdentityAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
    })
@ConditionalOnProperty(name = "mesh.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshClientProperties.class)
@ImportRuntimeHints(MeshClientRuntimeHints.class)
public final class MeshClientAutoConfiguration {

  MeshClientAutoConfiguration() {}

  @Bean
  static VariableBinding meshVariableBinding(Environment environment) {
    return new VariableBinding(environment);
  }

  @Bean
  @ConditionalOnMissingBean
  PropagationPolicy meshPropagationPolicy(MeshClientProperties properties) {
    MeshClientProperties.Headers headers = properties.headers();
    return InvalidPropertyException.of(
        "mesh.client.headers",
        () ->
            PropagationPolicy.builder()
                .environment(Map.copyOf(System.getenv()))
                .allow(headers.allow().toArray(String[]::new))
                .deny(headers.deny().toArray(String[]::new))
                .build());
  }

  @Bean
  @ConditionalOnMissingBean
  MeshClientConnectionDetails meshClientConnectionDetails(MeshClientProperties properties) {
    return properties::endpoints;
  }

  @Bean
  RecentDecisions meshRecentDecisions() {
    return new RecentDecisions();
  }

  @Bean
  @ConditionalOnMissingBean
  MeshClient meshClient(
      MeshClientProperties properties,
      MeshClientConnectionDetails details,
      PropagationPolicy propagation,
      RecentDecisions decisions,
      Environment environment,
      ResourceLoader resources,
      ObjectProvider<IdentitySource> identity,
      ObjectProvider<OpenTelemetry> openTelemetry,
      ObjectProvider<MeshClientBuilderCustomizer> customizers) {
    MeshClientBuilder builder = MeshClient.builder().propagation(propagation);
    new MeshClientSettings(properties, environment, resources, details).applyTo(builder);
    MutualTlsSettings.apply(properties.identity(), identity.getIfUnique(), builder);
    if (properties.telemetry().isOff()) {
      builder.openTelemetry(OpenTelemetry.noop());
    } else {
      openTelemetry.ifUnique(builder::openTelemetry);
    }
    builder.onDecision(decisions);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return StartChecks.checked(builder.build(), properties);
  }

  /** An SDK that the library sets up, where the application has none of its own. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.opentelemetry.sdk.OpenTelemetrySdk")
  static class OwnTelemetry {

    @Bean
    @ConditionalOnBooleanProperty("mesh.client.telemetry.enabled")
    @ConditionalOnClass(
        name = {
          "io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk",
          "io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter"
        })
    @ConditionalOnMissingBean
    @Conditional(NothingTraces.class)
    MeshTelemetry meshTelemetry(MeshClientProperties properties, Environment environment) {
      MeshTelemetry.Builder builder = MeshTelemetry.builder();
      String service = MeshClientSettings.service(properties, environment);
      if (service != null) {
        builder.service(service);
      }
      if (properties.namespace() != null) {
        builder.namespace(properties.namespace());
      }
      return builder.build();
    }

    @Bean
    MeshClientBuilderCustomizer meshTelemetryCustomizer(
        ObjectProvider<MeshTelemetry> telemetry, MeshClientProperties properties) {
      return builder -> {
        if (!properties.telemetry().isOff()) {
          telemetry.ifUnique(builder::telemetry);
        }
      };
    }
  }
}
