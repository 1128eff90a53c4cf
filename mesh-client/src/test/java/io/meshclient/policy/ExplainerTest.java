package io.meshclient.policy;

import static io.meshclient.policy.Policies.CLUSTER;
import static io.meshclient.policy.Policies.get;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExplainerTest {
  private final MeshPolicy policy =
      Policies.of(
          CLUSTER,
          """
          apiVersion: networking.istio.io/v1
          kind: VirtualService
          metadata: {name: orders, namespace: production}
          spec:
            hosts: [orders]
            http:
            - match: [{sourceLabels: {app: batch}}]
              route: [{destination: {host: payments}}]
            - match: [{headers: {x-canary: {exact: 'true'}}}]
              route: [{destination: {host: payments}}]
            - match: [{uri: {prefix: /old}}]
              rewrite: {uri: /new}
              headers: {request: {set: {x-a: '1'}}}
              timeout: 2s
              retries: {attempts: 3, retryOn: '5xx,429', perTryTimeout: 500ms}
              route:
              - {destination: {host: orders}, weight: 30}
              - {destination: {host: payments}, weight: 10}
            - match: [{uri: {exact: /moved}}]
              redirect: {uri: /there}
          """);

  @Test
  void steps_tellWhyRulesDidNotMatch() {
    Explanation explained = explain(get("http://orders:8080/old/x").header("x-canary", "yes"), 80);
    assertThat(explained.virtualHost()).isEqualTo("orders.production.svc.cluster.local:8080");
    assertThat(explained.excluded())
        .singleElement()
        .satisfies(step -> assertThat(step.reason()).contains("callers labelled {app=batch}"));
    assertThat(explained.steps())
        .extracting(Explanation.Step::path)
        .containsExactly("http[1].match[0]", "http[2].match[0]");
    assertThat(explained.steps().get(0).reason())
        .isEqualTo("header x-canary exact \"true\": it is \"yes\"");
    assertThat(explained.steps().get(1).matched()).isTrue();
  }

  @Test
  void outcome_showsSplitRewriteTimeoutAndRetries() {
    Explanation explained = explain(get("http://orders:8080/old/x?q=1"), 80);
    Explanation.Forwarded forwarded = (Explanation.Forwarded) explained.outcome();
    assertThat(forwarded.destination().service())
        .isEqualTo("payments.production.svc.cluster.local");
    assertThat(forwarded.shares())
        .extracting(Explanation.Share::from, Explanation.Share::to, Explanation.Share::picked)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0.0, 75.0, false),
            org.assertj.core.groups.Tuple.tuple(75.0, 100.0, true));
    assertThat(forwarded.path()).isEqualTo("/new/x?q=1");
    assertThat(forwarded.requestHeaders()).containsExactly("set x-a: 1");
    assertThat(forwarded.timeoutMillis()).isEqualTo(2000);
    assertThat(forwarded.retries())
        .isEqualTo(
            new Explanation.Retries(
                3, java.util.List.of("429", "5xx"), 500, 25, 250, true, false, false));
    assertThat(forwarded.destination().endpoints()).hasSize(2);
  }

  @Test
  void outcome_ofLocalAnswers() {
    assertThat(explain(get("http://orders:8080/zzz"), 0).outcome())
        .isInstanceOfSatisfying(
            Explanation.Answered.class, a -> assertThat(a.status()).isEqualTo(404));
    assertThat(explain(get("http://orders:8080/moved"), 0).outcome())
        .isInstanceOfSatisfying(
            Explanation.Redirected.class,
            r -> assertThat(r.location()).isEqualTo("http://orders:8080/there"));
    assertThat(explain(get("http://nowhere:8080/"), 0).outcome())
        .isInstanceOfSatisfying(
            Explanation.Forwarded.class,
            f -> assertThat(f.destination().cluster()).isEqualTo("PassthroughCluster"));
  }

  private Explanation explain(FakeRequest request, double draw) {
    return Explainer.explain(policy, request, draw);
  }
}
