package io.meshclient.spring.actuate;

import io.meshclient.MeshClient;
import io.meshclient.policy.Cluster;
import io.meshclient.spring.MeshClientAutoConfiguration;
import io.meshclient.spring.RecentDecisions;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators see. Health is in two packages, by Boot's line. */
@AutoConfiguration(after = MeshClientAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(MeshClient.class)
@EnableConfigurationProperties(MeshActuatorProperties.class)
public final class MeshActuatorAutoConfiguration {

  MeshActuatorAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  MeshEndpoint meshEndpoint(
      MeshClient mesh, RecentDecisions decisions, MeshActuatorProperties properties) {
    return new MeshEndpoint(new MeshReporter(mesh, decisions), properties.breakerWrites());
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint(endpoint = MeshEndpoint.class)
  MeshWebEndpoint meshWebEndpoint(MeshEndpoint endpoint) {
    return new MeshWebEndpoint(endpoint);
  }

  @Bean
  InfoContributor meshInfoContributor(MeshClient mesh) {
    return builder ->
        builder.withDetail(
            "mesh",
            Map.of(
                "mode", mesh.meshMode().word(),
                "services", services(mesh)));
  }

  /** A service has a cluster for each of its subsets and ports. */
  private static long services(MeshClient mesh) {
    return mesh.policy().clusters().stream().map(Cluster::service).distinct().count();
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
  @ConditionalOnProperty(name = "management.health.mesh.enabled", matchIfMissing = true)
  static class Boot3 {

    @Bean
    org.springframework.boot.actuate.health.HealthIndicator meshHealthIndicator(
        MeshClient mesh, MeshActuatorProperties properties) {
      MeshHealth health = new MeshHealth(mesh, properties.downOnErrors());
      return () ->
          (health.isUp()
                  ? org.springframework.boot.actuate.health.Health.up()
                  : org.springframework.boot.actuate.health.Health.down())
              .withDetails(health.details())
              .build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
  @ConditionalOnProperty(name = "management.health.mesh.enabled", matchIfMissing = true)
  static class Boot4 {

    @Bean
    org.springframework.boot.health.contributor.HealthIndicator meshHealthIndicator(
        MeshClient mesh, MeshActuatorProperties properties) {
      MeshHealth health = new MeshHealth(mesh, properties.downOnErrors());
      return () ->
          (health.isUp()
                  ? org.springframework.boot.health.contributor.Health.up()
                  : org.springframework.boot.health.contributor.Health.down())
              .withDetails(health.details())
              .build();
    }
  }
}
