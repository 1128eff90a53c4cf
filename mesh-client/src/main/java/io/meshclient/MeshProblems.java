package io.meshclient;

import io.meshclient.istio.Location;
import io.meshclient.istio.Problem;
import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.Rule;
import io.meshclient.policy.VirtualHost;
import io.meshclient.resilience.FailsafePolicies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Where what the application, the library and the mesh do for a call does not go together, and what
 * nothing foresaw.
 */
final class MeshProblems {

  /** The findings; docs/problems.md explains them. */
  enum Code {
    RETRIES_MULTIPLY("MESH0401"),
    NOT_READ_BY_MESH("MESH0402"),
    NOT_IN_FORCE("MESH0601");

    final String id;

    Code(String id) {
      this.id = id;
    }
  }

  private final PerDestination<FailsafePolicies<Response>> failsafe;
  private final boolean retriesAboveMesh;

  MeshProblems(MeshClientBuilder settings) {
    this.failsafe = settings.failsafe();
    this.retriesAboveMesh = settings.retriesAboveMesh();
  }

  /** Of a change that failed in a way that nothing foresaw. */
  static Problem notInForce(Throwable why) {
    return new Problem(
        Code.NOT_IN_FORCE.id,
        Problem.Severity.ERROR,
        Location.NONE,
        "the change is not in force: "
            + why
            + " (expected: a configuration that can be compiled); the one before stays");
  }

  /** Of a policy under a mesh. */
  List<Problem> of(MeshPolicy policy, Ownership owners) {
    Map<String, Problem> found = new LinkedHashMap<>();
    if (owners.isMesh(Capability.RETRIES)) {
      for (int port : policy.ports()) {
        for (VirtualHost host : policy.virtualHosts(port)) {
          host.routes().forEach(route -> check(policy, owners.mode(), host, route, found));
        }
      }
    }
    return List.copyOf(found.values());
  }

  private void check(
      MeshPolicy policy, MeshMode mode, VirtualHost host, Route route, Map<String, Problem> found) {
    Rule rule = route.rule();
    boolean written = !rule.location().file().isEmpty();
    if (written && rule.resource().startsWith("VirtualService") && !isIstios(mode)) {
      add(
          found,
          Code.NOT_READ_BY_MESH,
          rule,
          rule.resource(),
          rule.path()
              + ": "
              + mode.word()
              + " reads no VirtualService, and the library leaves traffic to it (expected: rules in "
              + mode.word()
              + "'s own form)");
    }
    Multiplied tries = tries(policy, host, route);
    if (written && tries != null) {
      String path = rule.path() + ".retries";
      add(found, Code.RETRIES_MULTIPLY, rule, path, path + ": " + tries.inWords(mode));
    }
  }

  private static boolean isIstios(MeshMode mode) {
    return mode == MeshMode.ISTIO || mode == MeshMode.WAYPOINT;
  }

  private static void add(
      Map<String, Problem> found, Code code, Rule rule, String once, String message) {
    found.putIfAbsent(
        code.id + rule.location().file() + once,
        new Problem(code.id, Problem.Severity.WARNING, rule.location(), message));
  }

  /** How often a call of the route may be sent; {@code null} where one layer alone repeats it. */
  private @Nullable Multiplied tries(MeshPolicy policy, VirtualHost host, Route route) {
    if (!(route.action() instanceof RouteAction.Forward forward)
        || forward.retryPolicy().retries() == 0
        || forward.retryPolicy().isIstiosDefault()) {
      return null;
    }
    String service = host.domains().get(0);
    FailsafePolicies<Response> own =
        failsafe.of(service, policy.workload().namespace(), policy.workload().domain());
    int byMesh = forward.retryPolicy().retries() + 1;
    Multiplied tries =
        new Multiplied(own == null ? 1 : own.attempts(), retriesAboveMesh ? byMesh : 1, byMesh);
    return tries.application == 1 && tries.library == 1 ? null : tries;
  }

  /**
   * The layers, from the outermost.
   *
   * @param application of Failsafe's policies; -1 for any number
   */
  record Multiplied(int application, int library, int mesh) {

    /** {@code 3 x 3 = 9}. */
    String product() {
      String above = library == 1 ? "" : library + " x ";
      return (application == 1 ? "" : (application < 0 ? "any number" : application) + " x ")
          + above
          + mesh
          + (application < 0 ? "" : " = " + (long) application * library * mesh);
    }

    String inWords(MeshMode mode) {
      return product()
          + " requests for one call at most, "
          + (application == 1 ? "" : "by Failsafe's policies, ")
          + (library == 1 ? "" : "by the library, ")
          + "by "
          + mode.word()
          + " (expected: one layer that retries)";
    }
  }
}
