package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which clusters are spoken to by HTTP/2, and what of their connections the mesh settles. */
class UpstreamProtocolTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest(name = "name {0}, appProtocol {1}: {2}")
  @CsvSource({
    "http,          ,                   HTTP",
    "http-api,      ,                   HTTP",
    "http2,         ,                   HTTP2",
    "grpc-orders,   ,                   HTTP2",
    "grpc-web,      ,                   HTTP2",
    "grpc-web-ui,   ,                   HTTP2",
    "GRPC,          ,                   HTTP2",
    "grpcish,       ,                   OTHER",
    "web,           ,                   OTHER",
    ",              ,                   OTHER",
    "http,          kubernetes.io/h2c,  HTTP2",
    "grpc,          http,               HTTP",
    "grpc,          kubernetes.io/ws,   HTTP",
    "http,          https,              OTHER",
    "http,          example.com/mine,   OTHER",
  })
  void port_saysItsProtocol(String name, String appProtocol, PortProtocol protocol) {
    assertThat(PortProtocol.of(appProtocol, name)).isEqualTo(protocol);
  }

  @ParameterizedTest(name = "port {0}, mesh {1}, rule {2}: {3}")
  @CsvSource({
    "http, DO_NOT_UPGRADE,                                        , false",
    "http, UPGRADE,                                               , true",
    "web,  UPGRADE,                                               , false",
    "web,  DO_NOT_UPGRADE, h2UpgradePolicy: UPGRADE               , true",
    "http, UPGRADE,        h2UpgradePolicy: DO_NOT_UPGRADE        , false",
    "http, UPGRADE,        h2UpgradePolicy: DEFAULT               , true",
    "http, DO_NOT_UPGRADE, h2UpgradePolicy: DEFAULT               , false",
    "http, UPGRADE,        useClientProtocol: true                , false",
    "grpc, DO_NOT_UPGRADE,                                        , true",
    "grpc, DO_NOT_UPGRADE, h2UpgradePolicy: DO_NOT_UPGRADE        , true",
    "grpc, DO_NOT_UPGRADE, useClientProtocol: true                , false",
  })
  void cluster_isSpokenToByHttp2(String port, String mesh, String rule, boolean http2) {
    MeshPolicy policy =
        Policies.of(
            meshConfig("h2UpgradePolicy: " + mesh),
            service(port),
            rule(rule == null ? "{}" : "{http: {" + rule + "}}"));
    assertThat(settings(policy).http2()).isEqualTo(http2);
    assertThat(policy.problems()).isEmpty();
    Explanation explanation =
        Explainer.explain(policy, Policies.get("http://orders.production:8080/"), 0);
    assertThat(((Explanation.Forwarded) explanation.outcome()).destination().protocol())
        .isEqualTo(http2 ? "HTTP/2" : "");
  }

  @ParameterizedTest(name = "mesh {0}, rule {1}: {2}/{3}/{4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "probes: 3, time: 75s, interval: 5s |                        | 3 | 75 | 5",
        "probes: 3, time: 75s               | time: 10s, interval: 2s | 3 | 10 | 2",
        "probes: 3                          | probes: 0               | 3 | 0  | 0",
        "time: 75s                          | probes: 7               | 7 | 75 | 0",
      })
  void keepalive_ofTheMesh_holdsWhereTheRuleSaysNothing(
      String mesh, String rule, int probes, int seconds, int interval) {
    MeshPolicy policy =
        Policies.of(
            meshConfig("tcpKeepalive: {" + mesh + "}"),
            service("http"),
            rule(rule == null ? "{}" : "{tcp: {tcpKeepalive: {" + rule + "}}}"));
    assertThat(settings(policy).pool().keepalive())
        .isEqualTo(new PoolLimits.Keepalive(probes, seconds, interval));
  }

  @Test
  void settingsOfTheMesh_holdWithoutARule() {
    MeshPolicy policy =
        Policies.of(meshConfig("{tcpKeepalive: {probes: 9}, connectTimeout: 3s}"), service("http"));
    assertThat(settings(policy).pool().keepalive()).isEqualTo(new PoolLimits.Keepalive(9, 0, 0));
    assertThat(settings(policy).connectTimeoutNanos()).isEqualTo(3 * SECOND);
    assertThat(settings(Policies.of(service("http"))).connectTimeoutNanos()).isEqualTo(10 * SECOND);
  }

  private static ClusterSettings settings(MeshPolicy policy) {
    return Objects.requireNonNull(
            policy.cluster(Cluster.nameOf(8080, "", "orders.production.svc.cluster.local")))
        .settings();
  }

  private static String meshConfig(String lines) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: istio-system}
        data:
          mesh: |-
            LINES
        """
        .replace("LINES", lines);
  }

  private static String service(String port) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: production}
        spec:
          ports: [{name: PORT, port: 8080}]
        """
        .replace("PORT", port);
  }

  private static String rule(String pool) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: production}
        spec:
          host: orders
          trafficPolicy: {connectionPool: POOL}
        """
        .replace("POOL", pool);
  }
}
