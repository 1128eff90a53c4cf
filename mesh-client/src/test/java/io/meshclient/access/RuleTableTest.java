package io.meshclient.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.SpiffeId;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rule that is found by hash is the one that asking each of them finds. */
class RuleTableTest {
  private static final int POLICIES = 300;
  private static final int REQUESTS = 40;

  private static final List<String> PRINCIPALS =
      List.of("td/ns/a/sa/x", "td/ns/a/sa/y", "td/ns/a/*", "*/sa/x", "*");
  private static final List<String> PATHS =
      List.of("/a", "/a/b", "/a/*", "/a*", "/b/*", "*/c", "/a/{*}", "/{**}/c", "/{*}", "/", "*");
  private static final List<String> HOSTS = List.of("a.test", "A.test", "b.test", "*.test", "*");
  private static final List<String> METHODS = List.of("GET", "PUT");

  private static final List<String> TARGETS =
      List.of("/", "/a", "/a/", "/a/b", "/ab", "/a/c", "/b", "/b/c", "/x/y/c", "/a/b?q");

  private final Random random = new Random(4711);

  private record Asked(String method, String target, String authority, InboundConnection connection)
      implements InboundRequest {
    @Override
    public List<String> headers(String name) {
      return List.of();
    }
  }

  @Test
  void found_isTheFirstThatMatches() {
    int matches = 0;
    for (int i = 0; i < POLICIES; i++) {
      AccessPolicy policy = policy();
      for (int j = 0; j < REQUESTS; j++) {
        Asked request = request();
        AccessExplanation explanation = policy.explain(request);
        // Rules are asked in the order of their names, the denying ones first.
        String first =
            explanation.steps().stream()
                .filter(step -> step.failure() == null)
                .map(AccessExplanation.Step::rule)
                .findFirst()
                .orElse(null);
        assertThat(explanation.verdict().rule()).as("%s %s", policy, request).isEqualTo(first);
        matches += first == null ? 0 : 1;
      }
    }
    assertThat(matches).isBetween(POLICIES * REQUESTS / 4, POLICIES * REQUESTS);
  }

  private AccessPolicy policy() {
    StringBuilder yaml = new StringBuilder();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      yaml.append(
          """
          apiVersion: security.istio.io/v1
          kind: AuthorizationPolicy
          metadata: {name: p%d, namespace: a}
          spec: {action: %s, rules: [%s, %s]}
          ---
          """
              .formatted(
                  random.nextInt(100), random.nextInt(4) == 0 ? "DENY" : "ALLOW", rule(), rule()));
    }
    String mesh =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: istio-system}
        data: {mesh: "trustDomain: td"}
        """;
    return AccessPolicy.compile(
        Configuration.read(ConfigSource.yaml("p.yaml", yaml + mesh)),
        "a",
        Map.of(),
        AccessSettings.DEFAULT);
  }

  private String rule() {
    String from = "{source: {" + field("principals", "notPrincipals", PRINCIPALS) + "}}";
    String to =
        "{operation: {"
            + field("paths", "notPaths", PATHS)
            + field("hosts", "notHosts", HOSTS)
            + field("methods", "notMethods", METHODS)
            + "}}";
    boolean open = from.endsWith("{}}");
    boolean any = to.endsWith("{}}");
    return "{" + (open ? "" : "from: [" + from + "],") + (any ? "" : "to: [" + to + "]") + "}";
  }

  /** Nothing, or some values for it, or against it. */
  private String field(String name, String not, List<String> values) {
    int kind = random.nextInt(10);
    if (kind < 5) {
      return "";
    }
    return (kind == 9 ? not : name) + ": ['" + any(values) + "', '" + any(values) + "'],";
  }

  private Asked request() {
    String id = any(List.of("td/ns/a/sa/x", "td/ns/a/sa/y", "td/ns/b/sa/x", ""));
    InetAddress here = InetAddress.getLoopbackAddress();
    SpiffeId peer = id.isEmpty() ? null : SpiffeId.parse("spiffe://" + id);
    return new Asked(
        any(METHODS),
        any(TARGETS),
        any(List.of("a.test", "B.test", "c.test")),
        new InboundConnection(peer != null, peer, null, here, here, 8080));
  }

  private String any(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
