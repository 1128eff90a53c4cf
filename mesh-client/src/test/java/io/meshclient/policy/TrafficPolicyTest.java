package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.Problem;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficPolicyTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int NONE = PoolLimits.UNLIMITED;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                               | 5 | 0 | 0 | 10 | 30 | 300 | 10",
        "{consecutive5xxErrors: 0}                        | 0 | 0 | 0 | 10 | 30 | 300 | 10",
        "{consecutiveGatewayErrors: 3}                    | 5 | 3 | 0 | 10 | 30 | 300 | 10",
        "{consecutiveErrors: 3}                           | 5 | 0 | 0 | 10 | 30 | 300 | 10",
        "{splitExternalLocalOriginErrors: true}           | 5 | 0 | 5 | 10 | 30 | 300 | 10",
        "{consecutiveLocalOriginFailures: 2}              | 5 | 0 | 0 | 10 | 30 | 300 | 10",
        "{splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2}"
            + "                                            | 5 | 0 | 2 | 10 | 30 | 300 | 10",
        "{interval: 5s, baseEjectionTime: 7m}             | 5 | 0 | 0 | 5 | 420 | 420 | 10",
        "{maxEjectionPercent: 0}                          | 5 | 0 | 0 | 10 | 30 | 300 | 10",
        "{maxEjectionPercent: 50}                         | 5 | 0 | 0 | 10 | 30 | 300 | 50",
      })
  void ejection_hasEnvoysDefaults(
      String yaml, int all, int gateway, int local, long interval, long base, long max, int share) {
    Ejection ejection = cluster(policy("outlierDetection: " + yaml), "").settings().ejection();
    assertThat(ejection)
        .isEqualTo(
            new Ejection(
                all,
                gateway,
                local,
                local > 0,
                interval * SECOND,
                base * SECOND,
                max * SECOND,
                share));
  }

  @Test
  void withoutRules_nothingIsLimited_andNobodyIsEjected() {
    ClusterSettings settings = cluster(Policies.of(Policies.CLUSTER), "").settings();
    assertThat(settings.ejection()).isNull();
    assertThat(settings.pool()).isEqualTo(PoolLimits.DEFAULT);
  }

  @Test
  void pool_isRead_andZeroIsNoLimit() {
    String yaml =
        """
        connectionPool:
              tcp:
                maxConnections: 5
                maxConnectionDuration: 60s
                idleTimeout: 9s
                tcpKeepalive: {probes: 3, time: 75s, interval: 5s}
              http:
                http1MaxPendingRequests: 6
                http2MaxRequests: 7
                maxRequestsPerConnection: 8
                maxRetries: 0
        """;
    assertThat(cluster(policy(yaml), "").settings().pool())
        .isEqualTo(
            new PoolLimits(
                5,
                6,
                7,
                NONE,
                null,
                new PoolLimits.Life(8, 9 * SECOND, 60 * SECOND),
                new PoolLimits.Keepalive(3, 75, 5)));
  }

  @Test
  void subset_hasSettingsOfItsOwn() {
    MeshPolicy policy = policy("connectionPool: {tcp: {maxConnections: 5}}");
    assertThat(cluster(policy, "v1").settings().pool().maxConnections()).isEqualTo(1);
    assertThat(cluster(policy, "").settings().pool().maxConnections()).isEqualTo(5);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                            | maxEjectionPercent 10 of 2 endpoints is less than one: none"
            + " is ever ejected (expected: at least 50)",
        "{maxEjectionPercent: 49}      | maxEjectionPercent 49 of 2 endpoints is less than one: none"
            + " is ever ejected (expected: at least 50)",
        "{consecutive5xxErrors: 0}     | nothing is counted (expected: a count above 0)",
        "{maxEjectionPercent: 50}      |",
      })
  void ejectionThatNeverHappens_isAProblem(String yaml, String message) {
    List<Problem> problems = problems(policy("outlierDetection: " + yaml), "MESH0212");
    if (message == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems).hasSize(1);
      assertThat(problems.get(0).toString())
          .contains("trafficPolicy.outlierDetection")
          .endsWith(message);
    }
  }

  @Test
  void whatTheServerOrIstioLeavesAside_isAProblem() {
    MeshPolicy policy =
        policy("connectionPool: {http: {h2UpgradePolicy: UPGRADE, maxConcurrentStreams: 5}}");
    assertThat(problems(policy, "MESH0211"))
        .singleElement()
        .asString()
        .contains("connectionPool.http.maxConcurrentStreams: is not carried out");
    MeshPolicy legacy = policy("outlierDetection: {consecutiveErrors: 3, maxEjectionPercent: 100}");
    assertThat(problems(legacy, "MESH0211"))
        .singleElement()
        .asString()
        .contains("outlierDetection.consecutiveErrors: is passed over, as by Istio");
  }

  private static List<Problem> problems(MeshPolicy policy, String code) {
    return policy.problems().stream().filter(problem -> problem.code().equals(code)).toList();
  }

  private static Cluster cluster(MeshPolicy policy, String subset) {
    return Objects.requireNonNull(
        policy.cluster(Cluster.nameOf(8080, subset, "orders.production.svc.cluster.local")));
  }

  private static MeshPolicy policy(String trafficPolicy) {
    return Policies.of(
        Policies.CLUSTER,
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: production}
        spec:
          host: orders
          trafficPolicy:
            POLICY
          subsets:
          - name: v1
            labels: {version: v1}
            trafficPolicy:
              connectionPool: {tcp: {maxConnections: 1}}
              outlierDetection: {maxEjectionPercent: 100}
        """
            .replace("POLICY", trafficPolicy.strip()));
  }
}
