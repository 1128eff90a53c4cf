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
    SidePolicy client =
        new SidePolicy(tracing.of(Mode.CLIENT), metrics.of(Mode.CLIENT), logs.of(Mode.CLIENT));
    SidePolicy server =
        new SidePolicy(tracing.of(Mode.SERVER), metrics.of(Mode.SERVER), logs.of(Mode.SERVER));
    return new TelemetryPolicy(
        client, server, tracing.provider(), problems.stream().distinct().toList());
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
