package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a decision by the guide's own YAML allocates. */
class AllocationTest {
  private static final int CALLS = 20_000;

  private final MeshPolicy policy =
      PolicyCompiler.compile(
          Configuration.read(ConfigSource.classpath("istio/02-order-traffic.yaml")),
          new Workload("production", Map.of("app", "web"), null, Workload.DEFAULT_DOMAIN),
          List.of(
              StaticEndpoint.parse("order-service/v1=localhost:1"),
              StaticEndpoint.parse("order-service/v2=localhost:2")));

  @Test
  void decision_allocatesUnder200Bytes() {
    FakeRequest request =
        new FakeRequest(
            "GET",
            java.net.URI.create("http://order-service:8080/api/orders"),
            List.of("accept", "x-user-id"),
            List.of("*/*", "1235"));
    RequestView cached = new Cached(request);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        decide(cached);
      }
      best = Math.min(best, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
    }
    assertThat(best).isLessThan(200);
  }

  private void decide(RequestView request) {
    VirtualHost host = policy.virtualHost(request);
    Route route = host == null ? null : host.route(request);
    if (route == null || !(route.action() instanceof RouteAction.Forward forward)) {
      throw new AssertionError("no route");
    }
    if (forward.pick(50).cluster() == null) {
      throw new AssertionError("no cluster");
    }
  }

  /** As a client's request: its parts are there already. */
  private record Cached(FakeRequest request, String host, String path) implements RequestView {
    Cached(FakeRequest request) {
      this(request, request.host(), request.path());
    }

    @Override
    public String method() {
      return request.method();
    }

    @Override
    public String scheme() {
      return request.scheme();
    }

    @Override
    public int port() {
      return request.port();
    }

    @Override
    public String authority() {
      return request.authority();
    }

    @Override
    public String query() {
      return null;
    }

    @Override
    public int headerCount() {
      return request.headerCount();
    }

    @Override
    public String headerName(int index) {
      return request.headerName(index);
    }

    @Override
    public String headerValue(int index) {
      return request.headerValue(index);
    }
  }
}
