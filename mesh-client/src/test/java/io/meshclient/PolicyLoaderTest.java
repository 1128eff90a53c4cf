package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.access.AccessSettings;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.policy.Explainer;
import io.meshclient.policy.Explanation;
import io.meshclient.policy.Workload;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

class PolicyLoaderTest {
  private static final String GOOD = "a+";
  private static final String BAD = "(";

  private final PolicyLoader loader =
      new PolicyLoader(
          new Workload("default", Map.of(), null, Workload.DEFAULT_DOMAIN),
          List.of(),
          false,
          AccessSettings.DEFAULT);

  @Test
  void aResourceThatTheEngineRefuses_staysAsItWas_andTheOthersDoNot() {
    loader.load(rules(virtualService("orders", GOOD, 201), virtualService("items", GOOD, 201)));
    PolicyLoader.Loaded loaded =
        loader.load(rules(virtualService("orders", BAD, 202), virtualService("items", GOOD, 202)));
    assertThat(status(loaded, "orders")).isEqualTo(201);
    assertThat(status(loaded, "items")).isEqualTo(202);
    assertThat(loaded.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "MESH0125 rules.yaml:1 VirtualService orders: the last good version stays in force",
            "MESH0201 rules.yaml:7 http[0].match[0].uri.regex: \"(\": missing closing )"
                + " (expected: an RE2 expression)");
  }

  @Test
  void whatWasKept_isKeptAcrossFurtherErrors_andGoesWithItsDocument() {
    loader.load(rules(virtualService("orders", GOOD, 201)));
    loader.load(rules(virtualService("orders", BAD, 202)));
    assertThat(status(loader.load(rules(virtualService("orders", BAD, 203))), "orders"))
        .isEqualTo(201);
    assertThat(status(loader.load(rules(virtualService("items", GOOD, 201))), "orders")).isZero();
    assertThat(status(loader.load(rules(virtualService("orders", BAD, 204))), "orders")).isZero();
  }

  @Test
  void aResourceThatNeverWasGood_isLeftOutAlone() {
    PolicyLoader.Loaded loaded =
        loader.load(rules(virtualService("orders", BAD, 201), virtualService("items", GOOD, 201)));
    assertThat(status(loaded, "orders")).isZero();
    assertThat(status(loaded, "items")).isEqualTo(201);
    assertThat(loaded.resources()).isEqualTo(1);
    assertThat(loaded.problems()).extracting(Problem::code).containsExactly("MESH0201");
  }

  @Test
  void httpRoute_withABadExpression_isRefusedAsWell() {
    String route =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: orders}
        spec:
          parentRefs: [{group: "", kind: Service, name: orders, port: 80}]
          rules:
          - matches:
            - path: {type: RegularExpression, value: '%s'}
            - headers: [{type: RegularExpression, name: x-a, value: '%s'}]
            backendRefs: [{name: orders, port: 80}]
        """;
    PolicyLoader.Loaded loaded =
        loader.load(rules(route.formatted(BAD, BAD), virtualService("items", GOOD, 201)));
    assertThat(loaded.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "MESH0201 rules.yaml:8 rules[0].matches[0].path.value: \"(\": missing closing )"
                + " (expected: an RE2 expression)",
            "MESH0201 rules.yaml:9 rules[0].matches[1].headers[0].value: \"(\": missing closing )"
                + " (expected: an RE2 expression)");
    assertThat(status(loaded, "items")).isEqualTo(201);
  }

  private static String virtualService(String host, String regex, int status) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s}
        spec:
          hosts: [%s]
          http:
          - match: [{uri: {regex: '%s'}}]
            directResponse: {status: 200}
          - directResponse: {status: %d}
        """
        .formatted(host, host, regex, status);
  }

  private static Configuration rules(String... documents) {
    return Configuration.read(ConfigSource.yaml("rules.yaml", String.join("---\n", documents)));
  }

  /** 0 where no rule answers. */
  private static int status(PolicyLoader.Loaded loaded, String host) {
    Request request = new Request.Builder().url("http://" + host + "/x").build();
    Explanation explained = Explainer.explain(loaded.policy(), new RequestViewOfOkHttp(request), 0);
    return explained.outcome() instanceof Explanation.Answered answered ? answered.status() : 0;
  }
}
