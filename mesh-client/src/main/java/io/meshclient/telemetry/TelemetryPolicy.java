package io.meshclient.telemetry;

import static java.util.Objects.requireNonNull;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Istio's Telemetry resources and MeshConfig have observed of one workload's requests.
 * Immutable, and safe from any thread.
 */
public final class TelemetryPolicy {

  /** Nothing is said: Istio's metrics, no access log, no provider of traces. */
  public static final TelemetryPolicy NONE =
      new TelemetryPolicy(SidePolicy.NONE, SidePolicy.NONE, null, List.of());

  private final SidePolicy client;
  private final SidePolicy server;
  private final @Nullable TracingProvider provider;
  private final List<Problem> problems;

  TelemetryPolicy(
      SidePolicy client,
      SidePolicy server,
      @Nullable TracingProvider provider,
      List<Problem> problems) {
    this.client = client;
    this.server = server;
    this.provider = provider;
    this.problems = List.copyOf(problems);
  }

  /**
   * What holds for a workload, by Istio's inheritance: of the mesh's resource, the namespace's and
   * the workload's own each overrides the fields that it has.
   *
   * @param domain the cluster's, such as {@code cluster.local}
   */
  public static TelemetryPolicy compile(
      Configuration configuration, String namespace, Map<String, String> labels, String domain) {
    return compile(configuration, namespace, labels, domain, null);
  }

  /**
   * What holds for a workload that has a word of its own on access logs.
   *
   * @param accessLog true for a log where nothing says anything, as MeshConfig's {@code
   *     accessLogFile: /dev/stdout} asks for it; false for none, whatever is said; {@code null} for
   *     as it is said
   */
  public static TelemetryPolicy compile(
      Configuration configuration,
      String namespace,
      Map<String, String> labels,
      String domain,
      @Nullable Boolean accessLog) {
    return new TelemetryCompiler(
            requireNonNull(configuration, "configuration"),
            requireNonNull(namespace, "namespace"),
            requireNonNull(labels, "labels"),
            requireNonNull(domain, "domain"))
        .compile(accessLog);
  }

  /** What could not be understood, and so has no effect. */
  public List<Problem> problems() {
    return problems;
  }

  SidePolicy client() {
    return client;
  }

  SidePolicy server() {
    return server;
  }

  SidePolicy side(boolean isClient) {
    return isClient ? client : server;
  }

  /** Where spans go; {@code null} for nowhere. */
  @Nullable TracingProvider provider() {
    return provider;
  }
}
