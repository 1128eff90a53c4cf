package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where endpoints come from. */
class RegistryTest {
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: orders, namespace: production}
      spec:
        selector: {app: orders}
        ports: [{name: http, port: 80, targetPort: web}, {name: admin, port: 90, targetPort: 9090}]
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: orders-1, namespace: production, labels: {app: orders, version: v1}}
      spec:
        nodeName: n1
        serviceAccountName: orders-sa
        containers: [{name: app, ports: [{name: web, containerPort: 8080}]}]
      status: {podIP: 10.0.0.1, conditions: [{type: Ready, status: 'True'}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: orders-2, namespace: production, labels: {app: orders}}
      status: {podIP: 10.0.0.2, conditions: [{type: Ready, status: 'False'}]}
      ---
      apiVersion: v1
      kind: Node
      metadata:
        name: n1
        labels: {topology.kubernetes.io/region: r1, topology.kubernetes.io/zone: z1}
      """;

  @Test
  void pods_readyAndSelected_areEndpoints() {
    Endpoint endpoint = only(Policies.of(SERVICE, POD), "outbound|80||orders");
    assertThat(endpoint.hostPort()).isEqualTo("10.0.0.1:8080");
    assertThat(endpoint.locality()).isEqualTo(new Locality("r1", "z1", ""));
    assertThat(endpoint.serviceAccount()).isEqualTo("production/orders-sa");
    assertThat(endpoint.labels()).containsEntry("version", "v1");
    assertThat(only(Policies.of(SERVICE, POD), "outbound|90||orders").port()).isEqualTo(9090);
  }

  @Test
  void endpointSlices_beatPods() {
    MeshPolicy policy =
        Policies.of(
            SERVICE,
            POD,
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: orders-x
              namespace: production
              labels: {kubernetes.io/service-name: orders}
            addressType: IPv4
            ports: [{name: http, port: 8081}, {name: admin, port: 9091}]
            endpoints:
            - {addresses: [10.0.0.9], conditions: {ready: true}}
            - {addresses: [10.0.0.8], conditions: {ready: false}}
            """);
    assertThat(only(policy, "outbound|80||orders").hostPort()).isEqualTo("10.0.0.9:8081");
    assertThat(only(policy, "outbound|90||orders").hostPort()).isEqualTo("10.0.0.9:9091");
  }

  @Test
  void endpointsObject_isReadToo() {
    MeshPolicy policy =
        Policies.of(
            SERVICE,
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: orders, namespace: production}
            subsets:
            - addresses: [{ip: 10.0.0.7}]
              ports: [{name: http, port: 8082}]
            """);
    assertThat(only(policy, "outbound|80||orders").hostPort()).isEqualTo("10.0.0.7:8082");
    assertThat(cluster(policy, "outbound|90||orders").endpoints()).isEmpty();
  }

  @Test
  void service_withoutAnyListOfEndpoints_isFoundByDns() {
    Cluster cluster = cluster(Policies.of(SERVICE), "outbound|80||orders");
    assertThat(cluster.discovery()).isEqualTo(Cluster.Discovery.DNS);
    assertThat(cluster.endpoints()).extracting(Endpoint::hostPort).containsExactly("orders:80");
  }

  @Test
  void subset_ofAServiceFoundByDns_isAProblem() {
    MeshPolicy policy =
        Policies.of(
            SERVICE,
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: orders, namespace: production}
            spec: {host: orders, subsets: [{name: v1, labels: {version: v1}}]}
            """);
    assertThat(policy.problems()).singleElement().asString().startsWith("MESH0208");
  }

  @Test
  void serviceEntry_mapsPortsAndWeights() {
    MeshPolicy policy =
        Policies.of(
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: ext, namespace: production}
            spec:
              hosts: [api.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
              endpoints:
              - {address: 10.1.0.1, weight: 3, locality: r1/z2}
              - {address: 10.1.0.2, ports: {http: 8888}}
            """);
    Cluster cluster = policy.cluster("outbound|80||api.example.com");
    assertThat(cluster).isNotNull();
    assertThat(cluster.endpoints())
        .extracting(Endpoint::hostPort)
        .containsExactly("10.1.0.1:8080", "10.1.0.2:8888");
    assertThat(cluster.endpoints()).extracting(Endpoint::weight).containsExactly(3, 1);
  }

  @Test
  void staticEndpoints_standInForAllOthers() {
    MeshPolicy policy =
        Policies.of(
            Policies.WEB, List.of(StaticEndpoint.parse("orders=localhost:7")), SERVICE, POD);
    assertThat(only(policy, "outbound|80||orders").hostPort()).isEqualTo("localhost:7");
    assertThat(only(policy, "outbound|90||orders").hostPort()).isEqualTo("localhost:7");
  }

  private static Endpoint only(MeshPolicy policy, String cluster) {
    assertThat(cluster(policy, cluster).endpoints()).hasSize(1);
    return cluster(policy, cluster).endpoints().get(0);
  }

  private static Cluster cluster(MeshPolicy policy, String name) {
    Cluster cluster = policy.cluster(name + ".production.svc.cluster.local");
    assertThat(cluster).as(name).isNotNull();
    return cluster;
  }
}
