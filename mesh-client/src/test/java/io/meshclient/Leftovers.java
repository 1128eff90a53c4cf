package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.policy.Cluster;
import io.meshclient.upstream.ClusterState;
import java.util.Arrays;
import okhttp3.OkHttpClient;

/** What calls must not leave behind. */
final class Leftovers {
  private Leftovers() {}

  /** All calls are over: nothing is leased, no answer is open, and state is the policy's alone. */
  static void none(MeshClient mesh, OkHttpClient http) {
    assertThat(http.connectionPool().connectionCount())
        .as("connections, each of them idle")
        .isEqualTo(http.connectionPool().idleConnectionCount());
    for (Cluster cluster : mesh.policy().clusters()) {
      ClusterState state = mesh.stages().upstreams().of(cluster);
      assertThat(state.pool().active()).as("requests in %s", cluster.name()).isZero();
      assertThat(state.pool().pending()).as("waiting for %s", cluster.name()).isZero();
      assertThat(state.pool().retries()).as("retries in %s", cluster.name()).isZero();
      assertThat(state.endpoints()).allMatch(endpoint -> endpoint.active() == 0);
    }
    states(mesh);
  }

  /** State is kept of what the policy names, and of nothing else. */
  static void states(MeshClient mesh) {
    int clusters = mesh.policy().clusters().size();
    assertThat(mesh.stages().upstreams().size()).as("cluster states").isEqualTo(clusters);
    assertThat(mesh.stages().budgets().size()).as("budgets").isLessThanOrEqualTo(clusters);
    assertThat(mesh.stages().tls().size()).as("TLS").isLessThanOrEqualTo(clusters);
  }

  /** Bytes in use that a collection does not free. */
  static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** Live threads, but for those of test servers, and OkHttp's that dial and go. */
  static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.equals(RawServer.THREAD))
        .filter(name -> Arrays.stream(DIALLERS).noneMatch(name::startsWith))
        .count();
  }

  private static final String[] DIALLERS = {"OkHttp TaskRunner", "OkHttp orders", "OkHttp 127"};
}
