package io.meshclient.istio;

import static io.meshclient.istio.ProblemRow.REVIEWS;
import static io.meshclient.istio.ProblemRow.row;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Well-formed YAML that Istio refuses in, problems out. */
class CheckRowsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource({"rules", "policies", "destinations"})
  void problems_ofText(String yaml, List<String> expected) {
    ProblemRow.check(yaml, expected);
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        row(
            "no action",
            REVIEWS + "  - timeout: 3s\n",
            "MESH0130 x.yaml:7 http[0]: no action (expected: exactly one of route, redirect,"
                + " directResponse, delegate)"),
        row(
            "two actions",
            REVIEWS + "  - route: [{destination: {host: a}}]\n    redirect: {uri: /b}\n",
            "MESH0130 x.yaml:7 http[0]: route and redirect (expected: exactly one of route,"
                + " redirect, directResponse, delegate)"),
        row(
            "no hosts, and no delegate",
            REVIEWS.replace("  hosts: [reviews]\n", "  gateways: [mesh]\n")
                + "  - route: [{destination: {host: a}}]\n",
            "MESH0131 x.yaml:5 hosts: empty (expected: a host; only a delegate, with http rules and"
                + " no gateways, has none)"),
        row(
            "hosts",
            REVIEWS.replace("[reviews]", "['*', a_b, 'a.*.b', a, a]")
                + "  - route: [{destination: {host: '*'}}]\n",
            "MESH0135 x.yaml:5 hosts[0]: \"*\" (expected: a narrower host where gateways has mesh)",
            "MESH0135 x.yaml:5 hosts[1]: \"a_b\" (expected: a host name; * only as its first"
                + " label)",
            "MESH0135 x.yaml:5 hosts[2]: \"a.*.b\" (expected: a host name; * only as its first"
                + " label)",
            "MESH0132 x.yaml:5 hosts[4]: a again (expected: once)",
            "MESH0135 x.yaml:7 http[0].route[0].destination.host: \"*\" (expected: one host)"),
        row(
            "an empty prefix",
            REVIEWS + "  - match: [{uri: {prefix: ''}}]\n    route: [{destination: {host: a}}]\n",
            "MESH0133 x.yaml:7 http[0].match[0].uri.prefix: \"\" (expected: a prefix, such as /)"),
        row(
            "weights of nothing",
            REVIEWS + "  - route: [{destination: {host: a}}, {destination: {host: b}}]\n",
            "MESH0134 x.yaml:7 http[0].route: every weight is 0 (expected: one above 0)"),
        row(
            "headers",
            REVIEWS
                + """
                  - match: [{headers: {"a b": {}}}]
                    headers: {request: {set: {c: "d\\ne"}, remove: [""]}}
                    route: [{destination: {host: a}}]
                """,
            "MESH0136 x.yaml:7 http[0].match[0].headers[\"a b\"]: \"a b\" (expected: the name of a"
                + " header)",
            "MESH0136 x.yaml:8 http[0].headers.request.set.c: \"d\\ne\" (expected: one line)",
            "MESH0136 x.yaml:8 http[0].headers.request.remove[0]: \"\" (expected: the name of a"
                + " header)"),
        row(
            "contradictions",
            REVIEWS
                + """
                  - route: [{destination: {host: a}}]
                    retries: {perTryTimeout: 1s}
                    rewrite: {uri: /, uriRegexRewrite: {match: a, rewrite: b}}
                    mirror: {host: b}
                    mirrors: [{destination: {host: c}}]
                """,
            "MESH0137 x.yaml:9 http[0].rewrite: uri and uriRegexRewrite (expected: one of both)",
            "MESH0137 x.yaml:8 http[0].retries: no attempts, and other settings (expected: attempts"
                + " above 0, or nothing else)",
            "MESH0137 x.yaml:7 http[0]: mirror and mirrors (expected: one of both)"),
        row(
            "conditions for a retry",
            REVIEWS
                + "  - route: [{destination: {host: a}}]\n"
                + "    retries: {attempts: 1, retryOn: '5xx, 503,conect-failure'}\n",
            "MESH0107 x.yaml:8 http[0].retries.retryOn: \"conect-failure\" (expected: Envoy's retry"
                + " conditions, or a status); did you mean \"connect-failure\"?"));
  }

  static Stream<Arguments> policies() {
    String policy =
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\n";
    return Stream.of(
        row(
            "empty parts of a rule",
            policy + "spec: {rules: [{from: [{}], to: [{operation: {}}], when: [{key: a}]}]}\n",
            "MESH0133 x.yaml:4 rules[0].from[0]: an empty source (expected: one field at least)",
            "MESH0133 x.yaml:4 rules[0].to[0]: an empty operation (expected: one field at least)",
            "MESH0133 x.yaml:4 rules[0].when[0]: neither values nor notValues (expected: one of"
                + " both at least)"),
        row(
            "CUSTOM without a provider",
            policy + "spec: {action: CUSTOM}\n",
            "MESH0105 x.yaml:4 provider.name: missing (expected: the extension provider that"
                + " decides)"),
        row(
            "ports without a selector",
            "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\n"
                + "spec: {portLevelMtls: {http: {mode: STRICT}}}\n",
            "MESH0137 x.yaml:4 portLevelMtls: ports without a selector (expected: a selector with"
                + " labels)",
            "MESH0108 x.yaml:4 portLevelMtls.http: \"http\" (expected: a port, 1..65535)"));
  }

  static Stream<Arguments> destinations() {
    String rule =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec:\n"
            + "  host: a\n";
    String entry =
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a}\nspec:\n";
    return Stream.of(
        row(
            "subsets of one name",
            rule + "  subsets:\n  - {name: v1}\n  - {name: v1}\n",
            "MESH0132 x.yaml:8 subsets[1].name: v1 again (expected: once)"),
        row(
            "ranges",
            rule + "  trafficPolicy: {outlierDetection: {maxEjectionPercent: 101}}\n",
            "MESH0103 x.yaml:6 trafficPolicy.outlierDetection.maxEjectionPercent: 101 (expected:"
                + " 0..100)"),
        row(
            "nothing to hash",
            rule + "  trafficPolicy: {loadBalancer: {consistentHash: {}}}\n",
            "MESH0105 x.yaml:6 trafficPolicy.loadBalancer.consistentHash: nothing to hash"
                + " (expected: httpHeaderName, httpCookie, useSourceIp or httpQueryParameterName)"),
        row(
            "shares that are no whole",
            rule
                + "  trafficPolicy:\n    loadBalancer:\n      localityLbSetting:\n"
                + "        distribute: [{from: a, to: {a: 80, b: 10}}]\n",
            "MESH0103 x.yaml:9 trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to: 90 in"
                + " sum (expected: 100)"),
        row(
            "TLS",
            rule + "  trafficPolicy: {tls: {mode: MUTUAL}}\n",
            "MESH0105 x.yaml:6 trafficPolicy.tls: MUTUAL without a certificate (expected:"
                + " clientCertificate and privateKey, or credentialName)"),
        row(
            "a service entry",
            entry
                + """
                  hosts: ['*']
                  ports: [{number: 80, name: a}, {number: 80, name: b}]
                  endpoints: [{}]
                """,
            "MESH0135 x.yaml:5 hosts[0]: \"*\" (expected: a narrower host)",
            "MESH0132 x.yaml:6 ports[1].number: 80 again (expected: once)",
            "MESH0137 x.yaml:7 endpoints: endpoints with resolution NONE (expected: STATIC or DNS)",
            "MESH0105 x.yaml:7 endpoints[0].address: missing (expected: an address)"),
        row(
            "what a sidecar sees",
            "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a}\n"
                + "spec: {egress: [{hosts: [reviews]}]}\n",
            "MESH0135 x.yaml:4 egress[0].hosts[0]: \"reviews\" (expected: namespace/host, each may"
                + " be *)"));
  }
}
