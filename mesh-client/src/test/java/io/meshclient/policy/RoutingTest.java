package io.meshclient.policy;

import static io.meshclient.policy.Policies.CLUSTER;
import static io.meshclient.policy.Policies.get;
import static io.meshclient.policy.Policies.target;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
  private static final String HOST = ".production.svc.cluster.local";
  private static final String ORDERS = "outbound|8080||orders" + HOST;
  private static final String PAYMENTS = "outbound|8080||payments" + HOST;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "orders.production",
        "orders.production.svc",
        "orders.production.svc.cluster.local",
        "orders.production.svc.cluster.local.",
        "ORDERS"
      })
  void host_inAnyForm_isTheService(String host) {
    MeshPolicy policy = Policies.of(CLUSTER);
    assertThat(target(policy, get("http://" + host + ":8080/x"))).isEqualTo(ORDERS);
  }

  @Test
  void shortName_ofAnotherNamespace_isUnknown() {
    Workload staging = new Workload("staging", Map.of(), null, "cluster.local");
    MeshPolicy policy = Policies.of(staging, List.of(), CLUSTER);
    assertThat(target(policy, get("http://orders:8080/"))).isEqualTo("PassthroughCluster");
    assertThat(target(policy, get("http://orders.production:8080/"))).isEqualTo(ORDERS);
  }

  @Test
  void port_thatTheServiceHasNot_isUnknown() {
    MeshPolicy policy = Policies.of(CLUSTER);
    assertThat(target(policy, get("http://orders:9090/"))).isEqualTo("PassthroughCluster");
  }

  @Test
  void firstRule_thatFits_holds() {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders, namespace: production}
            spec:
              hosts: [orders]
              http:
              - match:
                - uri: {prefix: /pay}
                  headers: {x-a: {exact: '1'}}
                - method: {exact: DELETE}
                route: [{destination: {host: payments}}]
              - match: [{uri: {prefix: /pay}}]
                directResponse: {status: 418}
            """);
    assertThat(target(policy, get("http://orders:8080/pay").header("X-A", "1")))
        .isEqualTo(PAYMENTS);
    assertThat(target(policy, get("http://orders:8080/").method("DELETE"))).isEqualTo(PAYMENTS);
    assertThat(target(policy, get("http://orders:8080/pay"))).isEqualTo("418");
    assertThat(target(policy, get("http://orders:8080/"))).isEqualTo("404");
  }

  @Test
  void destination_thatDoesNotExist_isAProblemAnd503() {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders, namespace: production}
            spec:
              hosts: [orders]
              http:
              - match: [{uri: {prefix: /a}}]
                route: [{destination: {host: nobody}}]
              - match: [{uri: {prefix: /b}}]
                route: [{destination: {host: payments, subset: v9}}]
              - match: [{uri: {prefix: /c}}]
                route: [{destination: {host: payments, port: {number: 1}}}]
            """);
    assertThat(target(policy, get("http://orders:8080/a"))).isEqualTo("503");
    assertThat(target(policy, get("http://orders:8080/b"))).isEqualTo("503");
    assertThat(target(policy, get("http://orders:8080/c"))).isEqualTo("503");
    assertThat(policy.problems())
        .extracting(problem -> problem.code() + " " + problem.location().path())
        .containsExactlyInAnyOrder(
            "MESH0203 spec.http[0].route[0].destination",
            "MESH0204 spec.http[1].route[0].destination",
            "MESH0203 spec.http[2].route[0].destination");
  }

  @Test
  void badRegex_leavesTheVirtualServiceOut() {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders, namespace: production}
            spec:
              hosts: [orders]
              http:
              - match: [{headers: {x: {regex: '(a'}}}]
                route: [{destination: {host: payments}}]
              - directResponse: {status: 418}
            """);
    assertThat(target(policy, get("http://orders:8080/"))).isEqualTo(ORDERS);
    assertThat(policy.problems()).singleElement().asString().startsWith("MESH0201 test.yaml:");
  }

  @Test
  void hostOutsideTheRegistry_worksOnPort80Only() {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: ext, namespace: production}
            spec:
              hosts: [api.example.com]
              http:
              - directResponse: {status: 418}
            """);
    assertThat(target(policy, get("http://api.example.com/"))).isEqualTo("418");
    assertThat(target(policy, get("http://api.example.com:8080/"))).isEqualTo("PassthroughCluster");
  }

  @Test
  void registry_withoutEndpoints_isDns() {
    MeshPolicy policy =
        Policies.of(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders}
            spec:
              hosts: [orders]
              http:
              - route: [{destination: {host: payments.staging.svc.cluster.local}}]
            """);
    Route route = Policies.route(policy, get("http://orders:1234/"));
    Cluster cluster = ((RouteAction.Forward) route.action()).pick(0).cluster();
    assertThat(cluster).isNotNull();
    assertThat(cluster.discovery()).isEqualTo(Cluster.Discovery.DNS);
    assertThat(cluster.endpoints())
        .extracting(Endpoint::address)
        .containsExactly("payments.staging.svc.cluster.local");
  }

  @Test
  void hostKnownByItsEndpointsAlone_isFoundOnAPortThatOthersDescribe() {
    MeshPolicy policy =
        Policies.of(Policies.WEB, List.of(StaticEndpoint.parse("stock=localhost:1")), CLUSTER);
    assertThat(target(policy, get("http://stock:8080/"))).isEqualTo("outbound|*||stock" + HOST);
    assertThat(target(policy, get("http://orders:8080/"))).isEqualTo(ORDERS);
  }

  @Test
  void staticEndpoints_standForSubsetsByName() {
    MeshPolicy policy =
        withSubsets(
            "{name: canary, labels: {track: next}}",
            "orders/v1=localhost:1",
            "orders/canary=[::1]:2");
    assertThat(hostPorts(policy, "canary")).containsExactly("[::1]:2");
    assertThat(hostPorts(policy, "")).hasSize(2);
  }

  @Test
  void staticEndpoints_areSelectedByAnyLabel() {
    MeshPolicy policy =
        withSubsets(
            "{name: european, labels: {region: eu, version: v1}}",
            "orders/v1=localhost:1+region=eu",
            "orders/v1=localhost:2+region=us");
    assertThat(hostPorts(policy, "v1")).containsExactly("localhost:1", "localhost:2");
    assertThat(hostPorts(policy, "european")).containsExactly("localhost:1");
  }

  private static MeshPolicy withSubsets(String second, String... endpoints) {
    return Policies.of(
        Policies.WEB,
        Stream.of(endpoints).map(StaticEndpoint::parse).toList(),
        CLUSTER,
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: production}
        spec:
          host: orders
          subsets:
          - {name: v1, labels: {version: v1}}
          - %s
        """
            .formatted(second));
  }

  private static List<String> hostPorts(MeshPolicy policy, String subset) {
    Cluster cluster = policy.cluster("outbound|8080|" + subset + "|orders" + HOST);
    assertThat(cluster).isNotNull();
    return cluster.endpoints().stream().map(Endpoint::hostPort).toList();
  }
}
