package io.meshclient.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.identity.SpiffeId;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each field of a rule by itself, with what matches and what does not. */
class AuthorizationTest {
  private static final Map<String, String> LABELS = Map.of("app", "payment-service");
  private static final String ORDERS = "spiffe://cluster.local/ns/production/sa/order-service";
  private static final String WEB = "spiffe://cluster.local/ns/production/sa/web";

  private record Asked(
      String method, String target, Map<String, List<String>> lines, InboundConnection connection)
      implements InboundRequest {
    @Override
    public String authority() {
      return "Payment-Service:8080";
    }

    @Override
    public List<String> headers(String name) {
      return lines.getOrDefault(name, List.of());
    }
  }

  private static Asked asked(String peer, String target, String... header) {
    try {
      InetAddress source = InetAddress.getByName("10.1.2.3");
      InetAddress here = InetAddress.getByName("10.9.9.9");
      SpiffeId id = peer.isEmpty() ? null : SpiffeId.parse(peer);
      String sni = id == null ? null : "Payment.Example";
      return new Asked(
          "GET",
          target,
          header.length == 0
              ? Map.of()
              : Map.of(header[0], List.of(header).subList(1, header.length)),
          new InboundConnection(id != null, id, sni, source, here, 8080));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AccessPolicy policy(String action, String rules) {
    return compiled(
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: p, namespace: production}
        spec: {action: %s, rules: [%s]}
        """
            .formatted(action, rules));
  }

  private static AccessPolicy compiled(String yaml) {
    return AccessPolicy.compile(
        Configuration.read(ConfigSource.yaml("p.yaml", yaml)),
        "production",
        LABELS,
        AccessSettings.DEFAULT);
  }

  static Stream<Arguments> forwarded() {
    return Stream.of(
        arguments(List.of("203.0.113.9"), true),
        arguments(List.of("198.51.100.7, 203.0.113.9"), true),
        arguments(List.of("198.51.100.7", "203.0.113.9"), true),
        arguments(List.of("203.0.113.9", ""), true),
        arguments(List.of("203.0.113.9", " "), true),
        arguments(List.of("", "203.0.113.9"), true),
        arguments(List.of("203.0.113.9,"), false),
        arguments(List.of("203.0.113.9", "198.51.100.7"), false));
  }

  /** A line that is empty leaves no trace where Envoy makes one of several. */
  @ParameterizedTest
  @MethodSource("forwarded")
  void remoteAddress_isTheLastOfTheJoinedLines(List<String> lines, boolean matches) {
    List<String> header = new ArrayList<>(List.of("x-forwarded-for"));
    header.addAll(lines);
    AccessVerdict verdict =
        policy("DENY", "{from: [{source: {remoteIpBlocks: [203.0.113.0/24]}}]}")
            .check(asked(WEB, "/", header.toArray(String[]::new)));
    assertThat(verdict.allowed()).isEqualTo(!matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/grpc", "application/grpc+proto"})
  void grpc_isRefusedByStatus200(String contentType) {
    AccessVerdict.Refusal refusal =
        policy("DENY", "{}").check(asked(WEB, "/a.B/C", "content-type", contentType)).refusal();
    assertThat(refusal).isNotNull();
    assertThat(refusal.status()).isEqualTo(200);
    assertThat(refusal.body()).isEmpty();
    assertThat(refusal.contentType()).isEqualTo("application/grpc");
    assertThat(refusal.headers())
        .containsExactly(
            new HeaderLine("grpc-message", "RBAC: access denied"),
            new HeaderLine("grpc-status", "7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/grpc-web", "application/grpc;x=y", "text/plain"})
  void otherContent_isRefusedByStatus403(String contentType) {
    AccessVerdict.Refusal refusal =
        policy("DENY", "{}").check(asked(WEB, "/a.B/C", "content-type", contentType)).refusal();
    assertThat(refusal).isEqualTo(AccessVerdict.Refusal.DENIED);
    assertThat(refusal.contentType()).isEqualTo("text/plain");
  }

  static Stream<Arguments> sources() {
    return Stream.of(
        arguments("principals: [cluster.local/ns/production/sa/web]", WEB, ORDERS),
        arguments("principals: ['*/sa/web']", WEB, ORDERS),
        arguments("principals: ['cluster.local/ns/production/sa/w*']", WEB, ORDERS),
        arguments("principals: ['*']", WEB, ""),
        arguments("notPrincipals: [cluster.local/ns/production/sa/web]", "", WEB),
        arguments("namespaces: [production]", WEB, "spiffe://cluster.local/ns/production2/sa/web"),
        arguments("namespaces: ['prod*']", WEB, "spiffe://cluster.local/ns/staging/sa/web"),
        arguments("namespaces: [prod.ction]", WEB, "spiffe://cluster.local/ns/staging/sa/web"),
        arguments("notNamespaces: [production]", "", WEB),
        arguments("serviceAccounts: [web]", WEB, "spiffe://cluster.local/ns/staging/sa/web"),
        arguments("serviceAccounts: [production/web]", WEB, WEB + "-2"),
        arguments("notServiceAccounts: [web]", ORDERS, WEB),
        arguments("trustDomains: [cluster.local]", WEB, ""),
        arguments("notTrustDomains: [cluster.local]", "", WEB));
  }

  @ParameterizedTest(name = "{0}: {1}, not {2}")
  @MethodSource("sources")
  void source(String field, String taken, String refused) {
    AccessPolicy policy = policy("ALLOW", "{from: [{source: {" + field + "}}]}");

    assertThat(policy.check(asked(taken, "/")).allowed()).isTrue();
    assertThat(policy.check(asked(refused, "/")).allowed()).isFalse();
  }

  static Stream<Arguments> paths() {
    return Stream.of(
        arguments("paths: [/a]", "/a?x=1", "/a/"),
        arguments("paths: ['/a*']", "/ab/c", "/b"),
        arguments("paths: ['*.txt']", "/x.txt", "/x.txt/"),
        arguments("paths: ['/u/{*}/x']", "/u/1/x", "/u/1/2/x"),
        arguments("paths: ['/u/{**}']", "/u/1/2", "/u"),
        arguments("notPaths: [/admin]", "/a", "/%61dmin"),
        arguments("notPaths: ['/admin/*']", "/admin", "/x/../admin/y"),
        arguments("notPaths: ['/admin/*']", "/%2561dmin/y", "/x\\..\\admin/y"),
        arguments("hosts: ['payment-service:8080'], paths: [/a]", "/a", "/b"),
        arguments("methods: [GET], paths: [/a]", "/a", "/b"),
        arguments("ports: ['8080'], paths: [/a]", "/a", "/b"));
  }

  @ParameterizedTest(name = "{0}: {1}, not {2}")
  @MethodSource("paths")
  void operation(String field, String taken, String refused) {
    AccessPolicy policy = policy("ALLOW", "{to: [{operation: {" + field + "}}]}");

    assertThat(policy.check(asked("", taken)).allowed()).isTrue();
    assertThat(policy.check(asked("", refused)).allowed()).isFalse();
  }

  static Stream<Arguments> conditions() {
    return Stream.of(
        arguments("key: 'request.headers[X-Role]', values: [admin]", "admin", "Admin"),
        arguments("key: 'request.headers[x-role]', notValues: [guest]", "admin", " guest "),
        arguments("key: source.ip, values: [10.1.0.0/16]", "", null),
        arguments("key: source.ip, notValues: [10.2.0.0/16]", "", null),
        arguments("key: destination.ip, values: [10.9.9.9]", "", null),
        arguments("key: destination.port, notValues: ['9090']", "", null),
        arguments("key: connection.sni, notValues: [payment.example]", "", null),
        arguments("key: request.auth.principal, notValues: ['*']", "", null),
        arguments("key: 'experimental.envoy.filters.a[b]', notValues: [c]", "", null));
  }

  @ParameterizedTest(name = "{0}: {1}, not {2}")
  @MethodSource("conditions")
  void condition(String when, String taken, String refused) {
    AccessPolicy policy = policy("ALLOW", "{when: [{" + when + "}]}");

    assertThat(policy.check(asked("", "/", "x-role", taken)).allowed()).isTrue();
    if (refused != null) {
      assertThat(policy.check(asked("", "/", "x-role", refused)).allowed()).isFalse();
    }
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("{when: [{key: source.ip, values: [nowhere]}]}", "MESH0301"),
        arguments("{from: [{source: {namespaces: ['a(']}}]}", "MESH0301"),
        arguments("{to: [{operation: {paths: ['/a{*}']}}]}", "MESH0301"),
        arguments("{when: [{key: request.weather, values: [fine]}]}", "MESH0302"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsupported")
  void whatCannotBeCarriedOut_allowsNothing_andDeniesAll(String rule, String code) {
    AccessPolicy allow = policy("ALLOW", rule);

    assertThat(allow.check(asked(WEB, "/a")).allowed()).isFalse();
    assertThat(policy("DENY", rule).check(asked(WEB, "/a")).allowed()).isFalse();
    assertThat(allow.problems()).extracting(problem -> problem.code()).contains(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-envoy-retry-on", "x-envoy-internal", "keep-alive", "upgrade"})
  void headersThatSidecarsTakeOff_areMissingToRules(String header) {
    String key = "{when: [{key: 'request.headers[" + header + "]', ";
    Asked sent = asked("", "/", header, "a");

    assertThat(policy("ALLOW", key + "values: ['*']}]}").check(sent).allowed()).isFalse();
    assertThat(policy("ALLOW", key + "notValues: ['*']}]}").check(sent).allowed()).isTrue();
  }

  @Test
  void metadataOfFilters_isReported() {
    AccessPolicy policy =
        policy("DENY", "{when: [{key: 'experimental.envoy.filters.a[b]', values: [c]}]}");

    assertThat(policy.problems()).extracting(problem -> problem.code()).containsExactly("MESH0303");
  }

  @Test
  void reasons_nameTheConditionAndTheValue_andNoSecrets() {
    AccessPolicy policy =
        policy(
            "ALLOW",
            "{from: [{source: {principals: [cluster.local/ns/production/sa/order-service]}}]},"
                + "{when: [{key: 'request.headers[cookie]', values: [a]}]}");

    AccessVerdict verdict = policy.check(asked(WEB, "/", "cookie", "s3cret"));

    assertThat(verdict.reasons())
        .containsExactly(
            "ALLOW ns[production]-policy[p]-rule[0] (p.yaml:4) principals: "
                + WEB
                + " (expected: cluster.local/ns/production/sa/order-service)",
            "ALLOW ns[production]-policy[p]-rule[1] (p.yaml:4) request.headers[cookie]: a value"
                + " that is not shown (expected: a)");
    assertThat(verdict.details()).isEqualTo("rbac_access_denied_matched_policy[none]");
  }

  @Test
  void aFailureWithin_denies() {
    AccessPolicy policy = policy("ALLOW", "{when: [{key: 'request.headers[x]', values: [a]}]}");
    Asked broken = new Asked("GET", "/", null, asked("", "/").connection());

    assertThat(policy.check(broken).refusal()).isEqualTo(AccessVerdict.Refusal.DENIED);
  }

  static Stream<Arguments> unread() {
    return Stream.of(
        arguments("kind: AuthorizationPolicy\nmetadata: {name: q}\nspec: {rulez: []}", false),
        arguments("kind: PeerAuthentication\nmetadata: {name: q}\nspec: {mtls: {mode: X}}", false),
        arguments("kind: [\n", false),
        arguments(
            "kind: AuthorizationPolicy\nmetadata: {name: q, namespace: other}\nspec: {rulez: []}",
            true));
  }

  @ParameterizedTest
  @MethodSource("unread")
  void aDocumentThatCannotBeRead_deniesAll_whereItMightApply(String document, boolean allowed) {
    AccessPolicy policy = compiled("apiVersion: security.istio.io/v1\n" + document);

    AccessVerdict verdict = policy.check(asked(WEB, "/"));

    assertThat(verdict.allowed()).isEqualTo(allowed);
    if (!allowed) {
      assertThat(verdict.reasons().get(0)).contains("p.yaml:1");
    }
  }

  @Test
  void authorizers_decide_andTheirFailuresDeny() {
    String yaml =
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: p, namespace: production}
        spec: {action: CUSTOM, provider: {name: own}, rules: [{}]}
        """;
    AccessSettings settings =
        AccessSettings.builder()
            .authorizer(
                "own",
                (request, principal) -> {
                  if (request.target().equals("/fail")) {
                    throw new IllegalStateException("down");
                  }
                  return request.target().equals("/yes");
                })
            .build();
    Configuration configuration = Configuration.read(ConfigSource.yaml("p.yaml", yaml));
    AccessPolicy policy = AccessPolicy.compile(configuration, "production", LABELS, settings);

    assertThat(policy.check(asked(WEB, "/yes")).allowed()).isTrue();
    assertThat(policy.check(asked(WEB, "/no")).details()).isEqualTo("ext_authz_denied");
    assertThat(policy.check(asked(WEB, "/fail")).allowed()).isFalse();
    assertThat(compiled(yaml).check(asked(WEB, "/yes")).allowed()).isFalse();
  }
}
