package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.policy.LoadBalancing.Policy;
import io.meshclient.policy.LoadBalancing.SlowStart;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the compiler makes of loadBalancer, and the hash of requests. */
class LoadBalancingTest {

  @ParameterizedTest
  @CsvSource({
    "simple: ROUND_ROBIN, ROUND_ROBIN",
    "simple: RANDOM, RANDOM",
    "simple: LEAST_REQUEST, LEAST_REQUEST",
    "simple: LEAST_CONN, LEAST_REQUEST",
    "simple: UNSPECIFIED, LEAST_REQUEST",
    "consistentHash: {useSourceIp: true}, RING_HASH",
    "'consistentHash: {useSourceIp: true, maglev: {}}', MAGLEV",
  })
  void policy_isEnvoys(String balancer, Policy policy) {
    assertThat(balancing(balancer).policy()).isEqualTo(policy);
  }

  @Test
  void passthrough_leavesRequestsWhereTheyWereMeantToGo() {
    Cluster cluster = cluster(policy("loadBalancer: {simple: PASSTHROUGH}"));
    assertThat(cluster.discovery()).isEqualTo(Cluster.Discovery.ORIGINAL);
    MeshPolicy given =
        Policies.of(
            Policies.WEB,
            List.of(StaticEndpoint.parse("orders=localhost:1")),
            Policies.CLUSTER,
            rule("loadBalancer: {simple: PASSTHROUGH}"));
    assertThat(cluster(given).endpoints()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "useSourceIp: true, 1024, ",
    "'useSourceIp: true, minimumRingSize: 64', 64, ",
    "'useSourceIp: true, ringHash: {minimumRingSize: 99}', 99, ",
    "'useSourceIp: true, ringHash: {minimumRingSize: 9000000}', 8388608, 9000000",
    "'useSourceIp: true, maglev: {}', 65537, ",
    "'useSourceIp: true, maglev: {tableSize: 251}', 251, ",
    "'useSourceIp: true, maglev: {tableSize: 250}', 251, 250",
    "'useSourceIp: true, maglev: {tableSize: 6000000}', 5000011, 6000000",
  })
  void sizes_areHonouredWhereTheyCanBe(String hash, int size, String refused) {
    MeshPolicy policy = policy("loadBalancer: {consistentHash: {" + hash + "}}");
    assertThat(cluster(policy).settings().loadBalancing().tableSize()).isEqualTo(size);
    assertThat(policy.problems()).hasSize(refused == null ? 0 : 1);
    policy
        .problems()
        .forEach(problem -> assertThat(problem.toString()).contains("MESH0211", refused));
  }

  @Test
  void warmup_isTold() {
    assertThat(balancing("warmup: {duration: 30s, minimumPercent: 50, aggression: 2}").slowStart())
        .isEqualTo(new SlowStart(30_000_000_000L, 0.5, 2));
    assertThat(balancing("warmup: {duration: 30s}").slowStart())
        .isEqualTo(new SlowStart(30_000_000_000L, 0.1, 1));
    assertThat(balancing("warmupDurationSecs: 5s").slowStart())
        .isEqualTo(new SlowStart(5_000_000_000L, 0.1, 1));
    assertThat(balancing("simple: RANDOM, warmup: {duration: 30s}").slowStart()).isNull();
  }

  @Test
  void minHealthPercent_isThePanicThreshold() {
    Cluster cluster = cluster(policy("outlierDetection: {minHealthPercent: 30}"));
    assertThat(cluster.settings().loadBalancing().panicPercent()).isEqualTo(30);
    assertThat(cluster(policy("outlierDetection: {}")).settings().loadBalancing().panicPercent())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "session=abc",
        "a=b; session=abc",
        "session=\"abc\"",
        " session=abc;x=y",
        "session=abc; session=other",
        "broken; session=abc",
      })
  void cookie_isFound(String line) {
    assertThat(cookie().values(Policies.get("http://orders/").header("Cookie", line)))
        .containsExactly("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"session=", "xsession=abc", "session", "Session=abc", "a=session=abc"})
  void cookie_isMissing(String line) {
    assertThat(cookie().values(Policies.get("http://orders/").header("cookie", line))).isNull();
  }

  @Test
  void cookie_isHandedOutAsEnvoyDoes() {
    assertThat(cookie().setCookie("1f"))
        .isEqualTo("session=\"1f\"; Max-Age=60; Path=/shop; SameSite=Strict; Secure; HttpOnly");
    HashPolicy.Cookie bare = new HashPolicy.Cookie("plain", 0L, "", List.of());
    assertThat(bare.setCookie("1f")).isEqualTo("plain=\"1f\"; HttpOnly");
  }

  @Test
  void header_isHashedWithAllItsLines() {
    HashPolicy header = new HashPolicy.Header("x-user");
    FakeRequest request = Policies.get("http://orders/");
    assertThat(header.values(request)).isNull();
    assertThat(header.values(request.header("X-User", "b").header("x-user", "a")))
        .containsExactly("a", "b");
    assertThat(new HashPolicy.Header(":path").values(Policies.get("http://orders/x?y")))
        .containsExactly("/x?y");
  }

  @Test
  void query_isHashedByItsFirstValue() {
    HashPolicy query = new HashPolicy.Query("sku");
    assertThat(query.values(Policies.get("http://orders/?sku=a%20b&sku=c")))
        .containsExactly("a%20b");
    assertThat(query.values(Policies.get("http://orders/?sku"))).containsExactly("");
    assertThat(query.values(Policies.get("http://orders/?a=b"))).isNull();
  }

  @Test
  void retries_stayUnderAHashThatARuleRoutesTo() {
    String hash = rule("loadBalancer: {consistentHash: {httpHeaderName: x-user}}");
    assertThat(avoids(Policies.of(Policies.CLUSTER, hash))).isTrue();
    assertThat(avoids(Policies.of(Policies.CLUSTER, hash, routes("")))).isFalse();
    assertThat(avoids(Policies.of(Policies.CLUSTER, hash, routes("attempts: 2")))).isFalse();
    String other = "attempts: 2, retryIgnorePreviousHosts: true";
    assertThat(avoids(Policies.of(Policies.CLUSTER, hash, routes(other)))).isTrue();
    assertThat(avoids(Policies.of(Policies.CLUSTER, routes("attempts: 2")))).isTrue();
  }

  @Test
  void rule_forOtherWorkloads_hidesAWildcard() {
    String wild = rule("loadBalancer: {simple: RANDOM}").replace("host: orders", "host: '*.local'");
    String others =
        rule("loadBalancer: {simple: ROUND_ROBIN}")
            .replace("name: orders", "name: batch")
            .replace("  host:", "  workloadSelector: {matchLabels: {app: batch}}\n  host:");
    MeshPolicy policy = Policies.of(Policies.CLUSTER, wild, others);
    assertThat(cluster(policy).settings().loadBalancing().policy()).isEqualTo(Policy.LEAST_REQUEST);
    MeshPolicy wildAlone = Policies.of(Policies.CLUSTER, wild);
    assertThat(cluster(wildAlone).settings().loadBalancing().policy()).isEqualTo(Policy.RANDOM);
  }

  private static boolean avoids(MeshPolicy policy) {
    Route route = Policies.route(policy, Policies.get("http://orders:8080/"));
    return ((RouteAction.Forward) route.action()).retryPolicy().avoidPreviousHosts();
  }

  private static HashPolicy.Cookie cookie() {
    return (HashPolicy.Cookie)
        balancing(
                "consistentHash: {httpCookie: {name: session, ttl: 60s, path: /shop, attributes:"
                    + " [{name: SameSite, value: Strict}, {name: Secure}]}}")
            .hashPolicy();
  }

  private static LoadBalancing balancing(String balancer) {
    return cluster(policy("loadBalancer: {" + balancer + "}")).settings().loadBalancing();
  }

  private static MeshPolicy policy(String trafficPolicy) {
    return Policies.of(Policies.CLUSTER, rule(trafficPolicy));
  }

  private static Cluster cluster(MeshPolicy policy) {
    return policy.clusters().stream()
        .filter(cluster -> cluster.service().startsWith("orders."))
        .findFirst()
        .orElseThrow();
  }

  private static String rule(String trafficPolicy) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: production}
        spec:
          host: orders
          trafficPolicy:
            POLICY
        """
        .replace("POLICY", trafficPolicy);
  }

  private static String routes(String retries) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: production}
        spec:
          hosts: [orders]
          http:
          - route: [{destination: {host: orders}}]
        """
        + (retries.isEmpty() ? "" : "    retries: {" + retries + "}\n");
  }
}
