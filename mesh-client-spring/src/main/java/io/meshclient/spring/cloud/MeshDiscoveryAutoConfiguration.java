package io.meshclient.spring.cloud;

import io.meshclient.MeshClient;
import io.meshclient.spring.MeshClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;

/** Endpoints from Spring Cloud's DiscoveryClient, where there is one. */
@AutoConfiguration(
    after = MeshClientAutoConfiguration.class,
    afterName = {
      "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
      "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration"
    })
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBean({MeshClient.class, DiscoveryClient.class})
@ConditionalOnProperty(name = "mesh.client.discovery.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshDiscoveryProperties.class)
public final class MeshDiscoveryAutoConfiguration {

  MeshDiscoveryAutoConfiguration() {}

  @Bean
  DiscoveredEndpoints meshDiscoveredEndpoints(
      DiscoveryClient registry, MeshClient mesh, MeshDiscoveryProperties properties) {
    return new DiscoveredEndpoints(registry, mesh, properties.versionMetadata());
  }
}
