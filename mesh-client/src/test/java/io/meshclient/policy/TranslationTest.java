package io.meshclient.policy;

import static io.meshclient.policy.Policies.CLUSTER;
import static io.meshclient.policy.Policies.get;
import static io.meshclient.policy.Policies.target;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where Istio's own translation into Envoy's terms decides what a rule means. */
class TranslationTest {
  private static final String HOST = ".production.svc.cluster.local";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          exact, missing         | {exact: prod} | -   | 418
          exact                  | {exact: prod} | prod| 404
          all regex, missing     | {regex: '.*'} | -   | 404
          regex of one, missing  | {regex: '.+'} | -   | 418
          presence, missing      | {}            | -   | 418
          presence, empty        | {}            | ''  | 404
          star regex, missing    | {regex: '*'}  | -   | 418
          """)
  void withoutHeaders_countsAMissingHeaderAsEmpty(
      String name, String match, String value, String target) {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            virtualService("match: [{withoutHeaders: {x: %s}}]", "directResponse: {status: 418}")
                .formatted(match));
    FakeRequest request = get("http://orders:8080/");
    assertThat(target(policy, value.equals("-") ? request : request.header("x", value)))
        .isEqualTo(target);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          narrower                    | {uri: {prefix: /a}}       | [{uri: {prefix: /a/b}}]                      | 418
          one match of two fits none  | {uri: {prefix: /a}}       | [{uri: {prefix: /a/b}}, {uri: {exact: /z}}]  | 404
          presence narrows nothing    | {headers: {x: {}}}        | [{headers: {x: {exact: '1'}}}]               | 404
          presence under an exact     | {headers: {x: {exact: '1'}}} | [{headers: {x: {}}}]                      | 404
          regex under a prefix        | {uri: {prefix: /a}}       | [{uri: {regex: '/a.*'}}]                     | 404
          namespace of the root alone | {sourceNamespace: production} | [{uri: {prefix: /a}}]                    | 404
          namespace of both           | {sourceNamespace: production} | [{uri: {prefix: /a}, sourceNamespace: production}] | 418
          """)
  void delegate_mayOnlyNarrow(String name, String root, String leaf, String target) {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            virtualService(
                    "match: [%s]",
                    "delegate: {name: leaf, namespace: production}",
                    "  - {match: [{uri: {exact: /else}}], directResponse: {status: 204}}")
                .formatted(root)
                .replace("      - {match", "  - {match"),
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: leaf, namespace: production}
            spec:
              http:
              - match: %s
                directResponse: {status: 418}
            """
                .formatted(leaf));
    assertThat(target(policy, get("http://orders:8080/a/b").header("x", "1"))).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          503, 418        | 418 503
          520             |
          5xx,  429       | 429
          099,306,99,1000 |
          """)
  void retryOn_takesNumbersThatHttpKnows(String retryOn, String statuses) {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            virtualService(
                "retries: {attempts: 1, retryOn: '" + retryOn + "'}",
                "route: [{destination: {host: orders}}]"));
    assertThat(forward(policy, "http://orders:8080/").retryPolicy().statuses())
        .map(String::valueOf)
        .containsExactlyInAnyOrder(statuses == null ? new String[0] : statuses.split(" "));
  }

  @Test
  void retriesWithoutAttempts_areNone() {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            virtualService(
                "retries: {perTryTimeout: 1s, retryOn: 5xx}",
                "route: [{destination: {host: payments}}]"));
    assertThat(target(policy, get("http://orders:8080/"))).contains("payments");
    assertThat(forward(policy, "http://orders:8080/").retryPolicy()).isEqualTo(RetryPolicy.NONE);
  }

  @Test
  void hostsOfAVirtualService_areServicesWhereTheyHaveThePort() {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: several, namespace: production}
            spec:
              hosts: [orders, orders-db, ghost, api.example.com]
              http: [{directResponse: {status: 418}}]
            """);
    assertThat(target(policy, get("http://orders:8080/"))).isEqualTo("418");
    assertThat(target(policy, get("http://orders-db" + HOST + ":8080/"))).isEqualTo("418");
    assertThat(target(policy, get("http://orders-db:8080/"))).isEqualTo("PassthroughCluster");
    assertThat(target(policy, get("http://ghost" + HOST + ":8080/"))).isEqualTo("418");
    assertThat(target(policy, get("http://ghost:8080/"))).isEqualTo("PassthroughCluster");
    assertThat(target(policy, get("http://api.example.com:9090/"))).isEqualTo("418");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          both, no retry    | timeouts: {request: 5s, backendRequest: 1s}                            | 1000 | 0
          request alone     | timeouts: {request: 5s}                                                | 5000 | 0
          both, with retry  | {timeouts: {request: 5s, backendRequest: 1s}, retry: {codes: [503]}}   | 5000 | 1000
          """)
  void httpRoute_hasTheTimesOfIstio(String name, String fields, long whole, long ofTry) {
    String rule = fields.startsWith("{") ? fields : "{" + fields + "}";
    MeshPolicy policy = Policies.of(CLUSTER, httpRoute(rule));
    RouteAction.Forward forward = forward(policy, "http://orders:8080/");
    assertThat(TimeUnit.NANOSECONDS.toMillis(forward.timeoutNanos())).isEqualTo(whole);
    assertThat(TimeUnit.NANOSECONDS.toMillis(forward.retryPolicy().perTryTimeoutNanos()))
        .isEqualTo(ofTry);
  }

  @Test
  void httpRoute_thatRetriesCodes_retriesFailuresToConnectToo() {
    MeshPolicy policy = Policies.of(CLUSTER, httpRoute("{retry: {codes: [503], attempts: 3}}"));
    RetryPolicy retries = forward(policy, "http://orders:8080/").retryPolicy();
    assertThat(retries.conditions()).contains("connect-failure", "refused-stream");
    assertThat(retries.statuses()).containsExactly(503);
    assertThat(retries.retries()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "/api, /v2, /api/a, /v2/a",
    "/api, /v2/, /api/a, /v2/a",
    "/api, /v2/, /api, /v2",
    "/api, /, /api/a, /a",
    "/api, /, /api, /",
    "/, /v2, /a, /v2a",
  })
  void httpRoute_rewritesAPrefix(String prefix, String replacement, String path, String result) {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            httpRoute(
                """
                {matches: [{path: {type: PathPrefix, value: %s}}], filters: [{type: URLRewrite,
                 urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: %s}}}]}
                """
                    .formatted(prefix, replacement)));
    FakeRequest request = get("http://orders:8080" + path);
    assertThat(Policies.route(policy, request).rewrittenPath(request)).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({"/v2, /api/a, /v2/a", "/, /api/a, //a", "/v2/, /api/a, /v2//a"})
  void httpRoute_redirectsAPrefixAsItIsWritten(String replacement, String path, String result) {
    MeshPolicy policy =
        Policies.of(
            CLUSTER,
            httpRoute(
                """
                {matches: [{path: {type: PathPrefix, value: /api}}],
                 filters: [{type: RequestRedirect, requestRedirect: {statusCode: 301,
                   path: {type: ReplacePrefixMatch, replacePrefixMatch: %s}}}], backendRefs: []}
                """
                    .formatted(replacement)));
    FakeRequest request = get("http://orders:8080" + path);
    Route route = Policies.route(policy, request);
    assertThat(route.location(request, (RouteAction.Redirect) route.action()))
        .isEqualTo("http://orders:8080" + result);
  }

  private static RouteAction.Forward forward(MeshPolicy policy, String url) {
    return (RouteAction.Forward) Policies.route(policy, get(url)).action();
  }

  private static String virtualService(String... fields) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: production}
        spec:
          hosts: [orders]
          http:
          - FIELDS
        """
        .replace("FIELDS", String.join("\n    ", fields));
  }

  /** A route of one rule, which goes to the payments unless it says otherwise. */
  private static String httpRoute(String rule) {
    String whole =
        rule.contains("backendRefs")
            ? rule.strip()
            : "{backendRefs: [{group: '', kind: Service, name: payments, port: 8080}], "
                + rule.strip().substring(1);
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: orders, namespace: production}
        spec:
          parentRefs: [{group: '', kind: Service, name: orders, port: 8080}]
          rules:
          - RULE
        """
        .replace("RULE", whole.replace("\n", " "));
  }
}
