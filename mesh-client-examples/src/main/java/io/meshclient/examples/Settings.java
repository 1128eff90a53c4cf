package io.meshclient.examples;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.identity.IdentityTls;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.telemetry.MeshTelemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service is told from outside, by environment variables only.
 *
 * @param pod the name of this one instance
 * @param breakerOpen how long the circuit breaker of payment-service stays open
 * @param identity {@code null} where a sidecar has one, or nobody
 * @param isFront whether it takes plain requests of anybody even so
 * @param telemetry records what the service does
 */
record Settings(
    String service,
    String version,
    String pod,
    InetSocketAddress address,
    Faults faults,
    Duration breakerOpen,
    @Nullable Identity identity,
    boolean isFront,
    MeshTelemetry telemetry,
    Map<String, String> variables) {

  /**
   * @throws IllegalArgumentException if a variable cannot be read; the message names it
   */
  static Settings of(String defaultName, Map<String, String> variables) {
    String service = value(variables, "SERVICE_NAME", defaultName);
    String version = value(variables, "SERVICE_VERSION", "v1");
    int port = port("SERVICE_PORT", value(variables, "SERVICE_PORT", "8080"));
    InetSocketAddress address = address(value(variables, "SERVICE_ADDRESS", ""), port);
    return new Settings(
        service,
        version,
        value(variables, "POD_NAME", service + "-" + version),
        address,
        Faults.of(value(variables, "SERVICE_FAULTS", "")),
        seconds("SERVICE_BREAKER_OPEN", value(variables, "SERVICE_BREAKER_OPEN", "60")),
        identity(service, variables),
        "true".equals(value(variables, "SERVICE_FRONT", "")),
        MeshTelemetry.builder().environment(variables).service(service).version(version).build(),
        Map.copyOf(variables));
  }

  /**
   * The library's client; all that it needs to know it finds in the environment too. Behind the
   * ejection that the guide's YAML asks for, payment-service has the guide's circuit breaker.
   */
  MeshClient meshClient() {
    Map<String, String> named = new HashMap<>(variables);
    named.putIfAbsent("MESH_CLIENT_SERVICE", service);
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(named)
            .telemetry(telemetry)
            .circuitBreaker("payment-service", BreakerSettings.GUIDE.openFor(breakerOpen));
    if (identity != null) {
      identity.callBy(builder);
    }
    return builder.build();
  }

  /**
   * Where metrics are read in plain text; {@code null} if {@code METRICS_PORT} does not say.
   *
   * @throws IOException if the port is taken
   */
  @Nullable MetricsServer metricsServer() throws IOException {
    String port = value(variables, "METRICS_PORT", "");
    return port.isEmpty()
        ? null
        : MetricsServer.start(
            new InetSocketAddress(address.getAddress(), port("METRICS_PORT", port)), telemetry);
  }

  /**
   * By what this service takes requests; {@code null} for plain ones.
   *
   * @throws IOException if there is to be an identity, and is none within seconds
   */
  @Nullable IdentityTls tls() throws IOException {
    return identity == null || isFront ? null : identity.tls();
  }

  PropagationPolicy propagation() {
    return PropagationPolicy.fromEnvironment(variables);
  }

  private static @Nullable Identity identity(String service, Map<String, String> variables) {
    String endpoint = value(variables, "SPIFFE_ENDPOINT_SOCKET", "");
    return endpoint.isEmpty()
        ? null
        : Identity.start(endpoint, value(variables, "POD_NAMESPACE", "default"), service);
  }

  private static String value(Map<String, String> variables, String name, String otherwise) {
    String value = variables.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  private static InetSocketAddress address(String host, int port) {
    if (host.isEmpty()) {
      return new InetSocketAddress(port);
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "SERVICE_ADDRESS: \"" + host + "\" (expected: an address of this machine)");
    }
    return address;
  }

  private static Duration seconds(String name, String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 1 && seconds <= 3600) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(name + ": \"" + text + "\" (expected: 1..3600 seconds)");
  }

  private static int port(String name, String text) {
    int port;
    try {
      port = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      port = -1;
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(name + ": \"" + text + "\" (expected: 0..65535)");
    }
    return port;
  }
}
