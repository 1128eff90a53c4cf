package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service's own wish which endpoints are preferred. */
class TrafficDistributionTest {
  private static final String WEB_POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, namespace: production, labels: {app: web}}
      spec: {nodeName: n1}
      """;

  private static final String RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders, namespace: production}
      spec:
        host: orders
        trafficPolicy: {loadBalancer: {localityLbSetting: SETTING}}
      """;

  @ParameterizedTest(name = "field {0}, annotation {1}: {2}")
  @CsvSource({
    ",               ,                ANY",
    "PreferClose,    ,                SAME_ZONE",
    "PreferSameZone, ,                SAME_ZONE",
    "PreferSameNode, ,                SAME_NODE",
    "preferclose,    ,                ANY",
    ",               preferCLOSE,     SAME_ZONE",
    ",               PreferSameZone,  SAME_ZONE",
    ",               PreferSameNode,  SAME_NODE",
    ",               nowhere,         ANY",
    "PreferSameZone, PreferSameNode,  SAME_ZONE",
    "unheard-of,     PreferSameNode,  SAME_NODE",
  })
  void field_beatsAnnotation(String field, String annotation, TrafficDistribution expected) {
    Map<String, String> annotations =
        annotation == null
            ? Map.of()
            : Map.of("networking.istio.io/traffic-distribution", annotation);
    assertThat(TrafficDistribution.of(field, annotations)).isEqualTo(expected);
  }

  /** Pods on the caller's node, beside it in its zone, in its region, and in another region. */
  @ParameterizedTest(name = "{0}: priorities {1}")
  @CsvSource({
    "None,           0 0 0 0",
    "PreferClose,    0 0 1 2",
    "PreferSameNode, 0 1 2 3",
  })
  void near_isPreferred_withoutEjection(String distribution, String priorities) {
    assertThat(priorities(Policies.of(WEB_POD, service(distribution), pods())))
        .isEqualTo(priorities);
  }

  @Test
  void rulesOwnSetting_beatsTheServices() {
    String off = RULE.replace("SETTING", "{enabled: false}");
    assertThat(priorities(Policies.of(WEB_POD, service("PreferClose"), pods(), off)))
        .isEqualTo("0 0 0 0");
    String other = RULE.replace("SETTING", "{failoverPriority: [tier]}");
    assertThat(priorities(Policies.of(WEB_POD, service("PreferClose"), pods(), other)))
        .isEqualTo("0 0 0 0");
  }

  @Test
  void annotationOfAServiceEntry_isHonoured() {
    MeshPolicy policy =
        Policies.of(
            WEB_POD,
            pods(),
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata:
              name: other
              namespace: production
              annotations: {networking.istio.io/traffic-distribution: PreferClose}
            spec:
              hosts: [other.example]
              resolution: STATIC
              ports: [{number: 8080, name: http, protocol: HTTP}]
              endpoints:
              - {address: 10.1.0.1, locality: r2/z1}
              - {address: 10.1.0.2, locality: r1/z1}
            """);
    assertThat(endpoints(policy, "other.example").stream().map(Endpoint::priority).toList())
        .containsExactly(1, 0);
  }

  private static String priorities(MeshPolicy policy) {
    return String.join(
        " ",
        endpoints(policy, "orders.production.svc.cluster.local").stream()
            .map(endpoint -> Integer.toString(endpoint.priority()))
            .toList());
  }

  private static List<Endpoint> endpoints(MeshPolicy policy, String host) {
    return Objects.requireNonNull(policy.cluster(Cluster.nameOf(8080, "", host))).endpoints();
  }

  private static String service(String distribution) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: production}
        spec:
          trafficDistribution: WISH
          selector: {app: orders}
          ports: [{name: http, port: 8080}]
        """
        .replace("WISH", distribution);
  }

  private static String pods() {
    StringBuilder documents = new StringBuilder();
    String[] zones = {"r1/z1", "r1/z1", "r1/z2", "r2/z1"};
    for (int i = 0; i < zones.length; i++) {
      String[] place = zones[i].split("/");
      documents.append(
          """
          apiVersion: v1
          kind: Node
          metadata:
            name: nNUMBER
            labels: {topology.kubernetes.io/region: REGION, topology.kubernetes.io/zone: ZONE}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: orders-NUMBER, namespace: production, labels: {app: orders}}
          spec: {nodeName: nNUMBER}
          status: {podIP: 10.0.0.NUMBER}
          ---
          """
              .replace("NUMBER", Integer.toString(i + 1))
              .replace("REGION", place[0])
              .replace("ZONE", place[1]));
    }
    return documents.toString();
  }
}
