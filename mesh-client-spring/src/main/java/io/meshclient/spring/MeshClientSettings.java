package io.meshclient.spring;

import io.meshclient.MeshClientBuilder;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.istio.ConfigSource;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** Turns properties into what the builder is told; what is not set stays the builder's to find. */
final class MeshClientSettings {
  private static final String LOCATIONS = "mesh.client.config.locations";
  private static final String MESH_CONFIG = "mesh.client.config.mesh-config";

  private final MeshClientProperties properties;
  private final Environment environment;
  private final ConfigLocations locations;

  MeshClientSettings(
      MeshClientProperties properties, Environment environment, ResourceLoader resources) {
    this.properties = properties;
    this.environment = environment;
    this.locations = new ConfigLocations(resources);
  }

  void applyTo(MeshClientBuilder builder) {
    caller(builder);
    rules(builder);
    properties.endpoints().forEach((service, addresses) -> endpoints(builder, service, addresses));
    headers(builder);
  }

  private void caller(MeshClientBuilder builder) {
    String service =
        properties.service() == null
            ? environment.getProperty("spring.application.name")
            : properties.service();
    if (service != null) {
      builder.service(service);
    }
    if (properties.namespace() != null) {
      builder.namespace(properties.namespace());
    }
    if (properties.locality() != null) {
      builder.locality(properties.locality());
    }
    if (properties.domain() != null) {
      builder.domain(properties.domain());
    }
    builder.labels(properties.labels());
  }

  private void rules(MeshClientBuilder builder) {
    List<String> given = properties.config().locations();
    List<ConfigSource> sources =
        given.isEmpty()
            ? locations.byDefault()
            : given.stream().flatMap(one -> locations.of(LOCATIONS, one).stream()).toList();
    builder.config(sources.toArray(ConfigSource[]::new));
    String meshConfig = properties.config().meshConfig();
    if (meshConfig != null) {
      locations.of(MESH_CONFIG, meshConfig).forEach(builder::meshConfig);
    }
  }

  private static void endpoints(MeshClientBuilder builder, String service, List<String> addresses) {
    int slash = service.indexOf('/');
    for (String address : addresses) {
      if (slash < 0) {
        builder.endpoint(service, address);
      } else {
        builder.endpoint(service.substring(0, slash), service.substring(slash + 1), address);
      }
    }
  }

  private void headers(MeshClientBuilder builder) {
    MeshClientProperties.Headers headers = properties.headers();
    if (headers.allow().isEmpty() && headers.deny().isEmpty()) {
      return;
    }
    builder.propagation(
        PropagationPolicy.builder()
            .environment(Map.copyOf(System.getenv()))
            .allow(headers.allow().toArray(String[]::new))
            .deny(headers.deny().toArray(String[]::new))
            .build());
  }
}
