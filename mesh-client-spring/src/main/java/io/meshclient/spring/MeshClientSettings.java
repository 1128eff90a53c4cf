package io.meshclient.spring;

import io.meshclient.MeshClientBuilder;
import io.meshclient.mesh.MeshMode;
import io.meshclient.resilience.BulkheadSettings;
import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RetryBudget;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** Turns properties into what the builder is told; what is not set stays the builder's to find. */
final class MeshClientSettings {
  private static final String LOCATIONS = "mesh.client.config.locations";
  private static final String MESH_CONFIG = "mesh.client.config.mesh-config";

  /** What it names the builder finds by itself. */
  private static final String CONFIG_VARIABLE = "MESH_CLIENT_CONFIG";

  private final MeshClientProperties properties;
  private final Environment environment;
  private final ConfigLocations locations;
  private final MeshClientConnectionDetails details;

  MeshClientSettings(
      MeshClientProperties properties,
      Environment environment,
      ResourceLoader resources,
      MeshClientConnectionDetails details) {
    this.properties = properties;
    this.environment = environment;
    this.locations = new ConfigLocations(resources);
    this.details = details;
  }

  void applyTo(MeshClientBuilder builder) {
    caller(builder);
    mesh(builder);
    rules(builder);
    details.endpoints().forEach((service, addresses) -> endpoints(builder, service, addresses));
    resilience(builder);
    accessLog(builder);
  }

  private void caller(MeshClientBuilder builder) {
    String service = service(properties, environment);
    if (service != null) {
      builder.service(service);
    }
    if (properties.namespace() != null) {
      builder.namespace(properties.namespace());
    }
    String locality = properties.locality();
    if (locality != null) {
      InvalidPropertyException.of("mesh.client.locality", () -> builder.locality(locality));
    }
    if (properties.domain() != null) {
      builder.domain(properties.domain());
    }
    builder.labels(properties.labels());
  }

  /** The calling service's name, as far as the application tells it. */
  static @Nullable String service(MeshClientProperties properties, Environment environment) {
    return properties.service() == null
        ? environment.getProperty("spring.application.name")
        : properties.service();
  }

  private void mesh(MeshClientBuilder builder) {
    if (properties.mode() != MeshClientProperties.Mode.AUTO) {
      builder.meshMode(MeshMode.valueOf(properties.mode().name()));
    }
    InvalidPropertyException.of(
        "mesh.client.await-mesh", () -> builder.awaitMesh(properties.awaitMesh()));
    InvalidPropertyException.of("mesh.client.drain", () -> builder.drain(properties.drain()));
    builder
        .quitMeshOnClose(properties.quitMeshOnClose())
        .retriesAboveMesh(properties.retriesAboveMesh())
        .sendDeadline(properties.sendDeadline());
  }

  private void rules(MeshClientBuilder builder) {
    List<String> given = properties.config().locations();
    if (!given.isEmpty()) {
      given.forEach(one -> locations.of(LOCATIONS, one).forEach(builder::config));
    } else if (!environment.containsProperty(CONFIG_VARIABLE)) {
      locations.byDefault().forEach(builder::config);
    }
    String meshConfig = properties.config().meshConfig();
    if (meshConfig != null) {
      locations.of(MESH_CONFIG, meshConfig).forEach(builder::meshConfig);
    }
  }

  private static void endpoints(MeshClientBuilder builder, String service, List<String> addresses) {
    int slash = service.indexOf('/');
    for (String address : addresses) {
      InvalidPropertyException.of(
          "mesh.client.endpoints[" + service + "]",
          () ->
              slash < 0
                  ? builder.endpoint(service, address)
                  : builder.endpoint(
                      service.substring(0, slash), service.substring(slash + 1), address));
    }
  }

  private void resilience(MeshClientBuilder builder) {
    for (int i = 0; i < properties.breakers().size(); i++) {
      BreakerProperties one = properties.breakers().get(i);
      InvalidPropertyException.below(
          "mesh.client.breakers[" + i + "]",
          BreakerProperties.NAMES,
          () -> builder.circuitBreaker(one.destination(), one.settings()));
    }
    for (int i = 0; i < properties.bulkheads().size(); i++) {
      MeshClientProperties.Bulkhead one = properties.bulkheads().get(i);
      InvalidPropertyException.below(
          "mesh.client.bulkheads[" + i + "]",
          () ->
              builder.bulkhead(
                  one.destination(),
                  BulkheadSettings.of(one.maxConcurrent())
                      .waiting(one.maxWaiting(), one.maxWait())));
    }
    for (int i = 0; i < properties.rateLimits().size(); i++) {
      MeshClientProperties.Limit one = properties.rateLimits().get(i);
      InvalidPropertyException.below(
          "mesh.client.rate-limits[" + i + "]",
          () ->
              builder.rateLimit(
                  one.destination(),
                  RateLimit.of(one.tokens(), one.interval()).waitingUpTo(one.maxWait())));
    }
    MeshClientProperties.RetryBudgetProperties budget = properties.retryBudget();
    if (budget != null) {
      InvalidPropertyException.below(
          "mesh.client.retry-budget",
          () ->
              builder.retryBudget(
                  new RetryBudget.Settings(budget.ratio(), budget.perSecond(), budget.burst())));
    }
  }

  private void accessLog(MeshClientBuilder builder) {
    MeshClientProperties.Telemetry telemetry = properties.telemetry();
    if (telemetry.accessLog() != null) {
      builder.accessLog(telemetry.accessLog());
    } else if (telemetry.isOff()) {
      builder.accessLog(false);
    }
  }
}
