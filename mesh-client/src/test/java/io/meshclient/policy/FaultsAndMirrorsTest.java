package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsAndMirrorsTest {

  private static RouteAction.Forward forward(String... lines) {
    MeshPolicy policy = Policies.of(Policies.CLUSTER, rule(lines));
    Route route = Policies.route(policy, Policies.get("http://orders:8080/x"));
    return (RouteAction.Forward) route.action();
  }

  private static String rule(String... lines) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: production}
        spec:
          hosts: [orders]
          http:
          - route: [{destination: {host: orders}}]
            %s
        """
        .formatted(String.join("\n    ", lines));
  }

  private static String httpRoute(String filters, String ofBackend) {
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: orders, namespace: production}
        spec:
          parentRefs: [{group: '', kind: Service, name: orders}]
          rules:
          - filters: %s
            backendRefs: [{name: orders, port: 8080, filters: %s}]
        """
        .formatted(filters, ofBackend);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delay: {fixedDelay: 0.5s, percentage: {value: 12.5}} | delay 500 ms for 12.5 %",
        "delay: {fixedDelay: 0.5s, percent: 30} | delay 500 ms for 30 %",
        "delay: {fixedDelay: 0.5s, percentage: {value: 1}, percent: 30} | delay 500 ms for 1 %",
        "abort: {httpStatus: 418, percentage: {value: 100}} | abort with 418 for 100 %",
        "abort: {grpcStatus: NOT_FOUND, percentage: {value: 5}} | abort with grpc NOT_FOUND for 5 %",
      })
  void fault_hasTheShareThatIstioGivesIt(String fault, String words) {
    assertThat(forward("fault: {" + fault + "}").faults().describe()).containsExactly(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delay: {fixedDelay: 0.5s}",
        "delay: {fixedDelay: 0.5s, percentage: {value: 0}, percent: 30}",
        "delay: {fixedDelay: 0.5s, percentage: {value: 0.00001}}",
        "abort: {httpStatus: 418}",
      })
  void fault_withoutAShare_neverHappens(String fault) {
    assertThat(forward("fault: {" + fault + "}").faults()).isNull();
  }

  @Test
  void mirrors_haveTheirShares() {
    assertThat(forward("mirror: {host: payments}", "mirrorPercent: 20").mirrors())
        .extracting(MirrorPolicy::percent)
        .containsExactly(20.0);
    assertThat(
            forward("mirror: {host: payments}", "mirrorPercent: 20", "mirrorPercentage: {value: 0}")
                .mirrors())
        .isEmpty();
    assertThat(
            forward(
                    "mirrors:",
                    "- destination: {host: payments}",
                    "- {destination: {host: orders}, percentage: {value: 2.5}}")
                .mirrors())
        .extracting(MirrorPolicy::describe)
        .containsExactly(
            "outbound|8080||payments.production.svc.cluster.local for 100 %",
            "outbound|8080||orders.production.svc.cluster.local for 2.5 %");
  }

  @Test
  void requestMirror_ofAnHttpRoute_hasItsShare() {
    String mirror =
        "[{type: RequestMirror, requestMirror: {backendRef: {name: payments, port: 8080}, %s}}]";
    for (String share : new String[] {"percent: 25", "fraction: {numerator: 1, denominator: 4}"}) {
      MeshPolicy policy = Policies.of(Policies.CLUSTER, httpRoute(mirror.formatted(share), "[]"));
      Route route = Policies.route(policy, Policies.get("http://orders:8080/x"));
      assertThat(((RouteAction.Forward) route.action()).mirrors())
          .extracting(MirrorPolicy::describe)
          .containsExactly("outbound|8080||payments.production.svc.cluster.local for 25 %");
    }
  }

  @Test
  void whatIsNotCarriedOut_isAProblem() {
    String mirror = "[{type: RequestMirror, requestMirror: {backendRef: {name: payments}}}]";
    MeshPolicy policy =
        Policies.of(
            Policies.CLUSTER, httpRoute("[{type: CORS, cors: {allowOrigins: ['*']}}]", mirror));
    assertThat(policy.problems())
        .extracting(Problem::message)
        .containsExactly(
            "rules[0].filters[0]: CORS is not carried out by this version; the rest of the rule is",
            "rules[0].backendRefs[0].filters[0]: RequestMirror is not carried out here; the rest of"
                + " the rule is");
    policy =
        Policies.of(
            Policies.CLUSTER,
            rule("fault: {delay: {exponentialDelay: 1s, percentage: {value: 100}}}"));
    assertThat(policy.problems())
        .extracting(Problem::message)
        .containsExactly(
            "http[0].fault.delay.exponentialDelay: is not carried out by this version; the rest of"
                + " the rule is");
  }
}
