package io.meshclient.bench;

import static java.util.Objects.requireNonNull;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.PolicyCompiler;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.StaticEndpoint;
import io.meshclient.policy.VirtualHost;
import io.meshclient.policy.Workload;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Where requests go by the guide's rules for the order service: host, rule, draw, cluster. */
@State(Scope.Benchmark)
public class Decisions {
  /** Of the draw, which is an application's to make. */
  private static final double DRAW = 50;

  private final MeshPolicy policy =
      PolicyCompiler.compile(
          Configuration.read(ConfigSource.classpath("istio/02-order-traffic.yaml")),
          new Workload("production", Map.of("app", "web"), null, Workload.DEFAULT_DOMAIN),
          List.of(
              StaticEndpoint.parse("order-service/v1=localhost:1"),
              StaticEndpoint.parse("order-service/v2=localhost:2")));

  private final OrderRequest odd = new OrderRequest("order-service", "x-user-id", "1235");
  private final OrderRequest even = new OrderRequest("order-service", "x-user-id", "1234");
  private final OrderRequest canary = new OrderRequest("order-service", "x-canary", "true");
  private final OrderRequest elsewhere = new OrderRequest("example.test", "x-canary", "true");

  @Benchmark
  public Object byWeight() {
    return decide(odd);
  }

  @Benchmark
  public Object byHeader() {
    return decide(canary);
  }

  @Benchmark
  public Object byExpression() {
    return decide(even);
  }

  @Benchmark
  public Object unknownHost() {
    return decide(elsewhere);
  }

  private Object decide(OrderRequest request) {
    VirtualHost host = policy.virtualHost(request);
    Route route = host == null ? policy.unknownHost() : requireNonNull(host.route(request));
    return route.action() instanceof RouteAction.Forward forward ? forward.pick(DRAW) : route;
  }
}
