package io.meshclient.telemetry;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Location;
import io.meshclient.istio.MeshConfig;
import io.meshclient.istio.Problem;
import io.meshclient.istio.Selector;
import io.meshclient.istio.Telemetry;
import io.meshclient.istio.Telemetry.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a {@link TelemetryPolicy} of resources. For one thread, once. */
final class TelemetryCompiler {
  static final String NOT_UNDERSTOOD = "MESH0501";
  static final String NO_PROVIDER = "MESH0502";

  private final MeshConfig mesh;
  private final String domain;

  /** Of the mesh, of the namespace and of the workload, in this order, as far as there are any. */
  private final List<Telemetry> inForce = new ArrayList<>();

  private final List<Problem> problems = new ArrayList<>();

  TelemetryCompiler(
      Configuration configuration, String namespace, Map<String, String> labels, String domain) {
    this.mesh = configuration.mesh();
    this.domain = domain;
    String root = mesh.rootNamespace();
    Telemetry ofMesh = null;
    Telemetry ofNamespace = null;
    Telemetry ofWorkload = null;
    for (Telemetry one : configuration.all(Telemetry.class)) {
      Selector selector = one.spec().selector();
      boolean selects = selector != null;
      String of = one.metadata().namespace() == null ? "default" : one.metadata().namespace();
      if (of.equals(namespace) && selector != null && selector.selects(labels)) {
        ofWorkload = ofWorkload == null ? one : ofWorkload;
      } else if (of.equals(namespace) && !selects && !of.equals(root) && targetsAll(one)) {
        ofNamespace = ofNamespace == null ? one : ofNamespace;
      } else if (of.equals(root) && !selects && targetsAll(one)) {
        ofMesh = ofMesh == null ? one : ofMesh;
      }
    }
    for (Telemetry one : new Telemetry[] {ofMesh, ofNamespace, ofWorkload}) {
      if (one != null) {
        inForce.add(one);
      }
    }
  }

  /** Those for gateways and waypoints name them. */
  private static boolean targetsAll(Telemetry telemetry) {
    return telemetry.spec().targetRef() == null && telemetry.spec().targetRefs().isEmpty();
  }

  TelemetryPolicy compile(@Nullable Boolean accessLog) {
    TracingCompiler tracing = new TracingCompiler(this);
    MetricsCompiler metrics = new MetricsCompiler(this);
    AccessLogCompiler logs = new AccessLogCompiler(this, accessLog);
    SidePolicy client = side(Mode.CLIENT, tracing, metrics, logs);
    SidePolicy server = side(Mode.SERVER, tracing, metrics, logs);
    TracingProvider provider = orNull(closest(), "tracing", tracing::provider);
    return new TelemetryPolicy(client, server, provider, problems.stream().distinct().toList());
  }

  private SidePolicy side(
      Mode mode, TracingCompiler tracing, MetricsCompiler metrics, AccessLogCompiler logs) {
    SidePolicy none = SidePolicy.NONE;
    return new SidePolicy(
        orElse(none.tracing(), "tracing", () -> tracing.of(mode)),
        orElse(none.metrics(), "metrics", () -> metrics.of(mode)),
        orElse(none.logs(), "accessLogging", () -> logs.of(mode)));
  }

  private <T> T orElse(T otherwise, String what, Supplier<T> compiled) {
    T value = orNull(closest(), what, compiled);
    return value == null ? otherwise : value;
  }

  private Location closest() {
    return inForce.isEmpty() ? Location.NONE : inForce.get(inForce.size() - 1).location();
  }

  /**
   * What is compiled; or, where that fails in whatever way, a problem and {@code null}. No resource
   * may keep the client from being built, or the rest of an edit from being in force.
   */
  <T> @Nullable T orNull(Location location, String what, Supplier<T> compiled) {
    try {
      return compiled.get();
    } catch (IllegalArgumentException e) {
      problem(NOT_UNDERSTOOD, location, what + ": " + e.getMessage());
    } catch (RuntimeException e) {
      problem(NOT_UNDERSTOOD, location, what + ": " + e + " (expected: what can be compiled)");
    }
    return null;
  }

  MeshConfig mesh() {
    return mesh;
  }

  String domain() {
    return domain;
  }

  List<Telemetry> inForce() {
    return inForce;
  }

  void problem(String code, Location location, String message) {
    problems.add(new Problem(code, Problem.Severity.WARNING, location, message));
  }

  /** Whether what is meant for {@code match} holds for one side. */
  static boolean covers(@Nullable Mode match, Mode side) {
    return match == null || match == Mode.CLIENT_AND_SERVER || match == side;
  }
}
