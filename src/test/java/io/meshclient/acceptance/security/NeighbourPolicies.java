package io.meshclient.acceptance.security;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes AuthorizationPolicies of all fields, with values that requests come close to. */
final class NeighbourPolicies {

  private static final Map<String, List<String>> SOURCE =
      Map.of(
          "principals",
              List.of(
                  "*",
                  "cluster.local/ns/production/sa/web",
                  "cluster.local/ns/production/*",
                  "*/sa/web",
                  "*/ns/staging/sa/web",
                  "old.local/ns/production/sa/web",
                  "*.local/ns/production/sa/web",
                  "cluster.local/ns/prod*/sa/web",
                  "cluster.local/ns/production/sa/*",
                  "*/ns/production/sa/w.b",
                  "corp.test/ns/production/sa/web",
                  "foreign/ns/production/sa/web",
                  "spiffe://cluster.local/ns/production/sa/web"),
          "namespaces",
              List.of("*", "production", "prod*", "*ion", "p*n", "staging", "st.ging", "produc"),
          "serviceAccounts",
              List.of("web", "staging/web", "production/order", "order", "production/w.b"),
          "ipBlocks",
              List.of(
                  "127.2.7.0/24",
                  "127.2.9.1",
                  "127.0.0.0/8",
                  "127.2.9.1/31",
                  "0.0.0.0/0",
                  "::/0",
                  "127.2.9.77/25",
                  "10.0.0.0/8"),
          "remoteIpBlocks",
              List.of(
                  "203.0.113.0/24",
                  "2001:db8::/32",
                  "127.2.9.1",
                  "198.51.100.7/32",
                  "0.0.0.0/0",
                  "::ffff:203.0.113.0/120",
                  "2001:db8::1"),
          "requestPrincipals",
              List.of(
                  "*",
                  "issuer.test/alice",
                  "issuer.test/*",
                  "*/alice",
                  "iss*",
                  "issuer.test/al*",
                  "*.test/alice",
                  "*lice",
                  "https://second.test/x/bob",
                  "https://second.test/*",
                  "issuer.test",
                  "*/bob"));

  private static final Map<String, List<String>> OPERATION =
      Map.of(
          "hosts",
              List.of(
                  "*",
                  "a.test",
                  "A.test",
                  "a.test:8080",
                  "*.test",
                  "a.*",
                  "*:8080",
                  "*.TEST",
                  "a.test:*",
                  "b.test"),
          "methods", List.of("*", "GET", "P*", "*T", "get", "POST", "DELETE"),
          "paths",
              List.of(
                  "*",
                  "/a",
                  "/a/*",
                  "*/b",
                  "/a/{*}",
                  "/a/{*}/b",
                  "/{**}",
                  "/a/{**}/b",
                  "/A",
                  "/a/b",
                  "/a/{*}/{**}",
                  "/",
                  "/a%2Fb",
                  "/a b",
                  "/{*}",
                  "/a.b",
                  "*.txt",
                  "/a*",
                  "//a"),
          "ports", List.of("8080", "9090", "0", "80"));

  private static final Map<String, List<String>> WHEN =
      Map.ofEntries(
          Map.entry("request.headers[x-a]", List.of("*", "1", "1*", "*2", "a,b", "A", "**", "1 2")),
          Map.entry("request.headers[X-B]", List.of("*", "b", "*b", "b*")),
          Map.entry("request.headers[accept]", List.of("*", "a", "a,b", "*b", "a, b")),
          Map.entry("request.headers[cookie]", List.of("*", "a=1", "*b=2", "a=1; b=2")),
          Map.entry("request.headers[:authority]", List.of("a.test", "A.test", "*.test")),
          Map.entry("request.headers[host]", List.of("a.test", "*")),
          Map.entry("request.headers[:path]", List.of("/a", "/a?*", "*x=1", "/a/b")),
          Map.entry("request.headers[:scheme]", List.of("http", "https")),
          Map.entry("request.headers[x-forwarded-for]", List.of("*", "203.0.113.*", "203.0.113.9")),
          Map.entry("request.headers[x-forwarded-proto]", List.of("*", "http", "https")),
          Map.entry("request.headers[x-request-id]", List.of("*", "id-1")),
          Map.entry("request.headers[authorization]", List.of("*", "Bearer*", "Basic*")),
          Map.entry("request.headers[content-type]", List.of("*", "application/grpc", "app*")),
          Map.entry("request.headers[te]", List.of("*", "trailers", "gzip")),
          Map.entry("request.headers[trailer]", List.of("*", "x-t")),
          Map.entry("source.ip", List.of("127.2.9.1", "127.2.7.0/24", "127.0.0.0/8")),
          Map.entry("remote.ip", List.of("203.0.113.0/24", "127.2.9.1", "2001:db8::/64")),
          Map.entry("source.namespace", List.of("production", "*", "st*", "*n")),
          Map.entry("source.principal", List.of("*", "*/sa/web", "cluster.local/ns/production/*")),
          Map.entry("source.serviceAccount", List.of("web", "production/web", "staging/web")),
          Map.entry("destination.ip", List.of("127.2.1.1", "127.2.1.0/24", "127.2.2.0/24")),
          Map.entry("destination.port", List.of("8080", "9090")),
          Map.entry(
              "connection.sni", List.of("*", "a.test", "*.test", "a.*", "A.test", "payment-*")),
          Map.entry("request.auth.principal", List.of("*", "issuer.test/alice", "*/bob")),
          Map.entry("request.auth.audiences", List.of("*", "pay", "p*", "*y", "Pay")),
          Map.entry("request.auth.presenter", List.of("*", "app", "a*")),
          Map.entry("request.auth.claims[role]", List.of("*", "admin", "a*", "*n", "1", "true")),
          Map.entry("request.auth.claims[scope]", List.of("read", "read write", "w*", "*")),
          Map.entry("request.auth.claims[words]", List.of("one", "one two", "*")),
          Map.entry("request.auth.claims[o][k]", List.of("v", "*", "w")),
          Map.entry("request.auth.claims[o]", List.of("*", "v")),
          Map.entry("request.auth.claims[iss]", List.of("issuer.test", "*")),
          Map.entry("experimental.envoy.filters.http.rbac[x]", List.of("[a]", "b", "*", "a*")));

  private final Draw draw;

  NeighbourPolicies(Draw draw) {
    this.draw = draw;
  }

  /** One to three policies. */
  List<Object> policies() {
    List<Object> policies = new ArrayList<>();
    for (int i = draw.upTo(2); i >= 0; i--) {
      policies.add(policy("p" + i));
    }
    return policies;
  }

  private Map<String, Object> policy(String name) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("namespace", draw.chance(0.85) ? "production" : "istio-system");
    if (draw.chance(0.1)) {
      metadata.put("annotations", Map.of("istio.io/dry-run", "true"));
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    String action = draw.of(List.of("ALLOW", "ALLOW", "ALLOW", "DENY", "DENY", "AUDIT"));
    spec.put("action", action);
    List<Object> rules = new ArrayList<>();
    int most = draw.upTo(2) + 1;
    for (int i = 0; i < most; i++) {
      rules.add(rule());
    }
    spec.put("rules", rules);
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("apiVersion", "security.istio.io/v1");
    policy.put("kind", "AuthorizationPolicy");
    policy.put("metadata", metadata);
    policy.put("spec", spec);
    return policy;
  }

  private Map<String, Object> rule() {
    Map<String, Object> rule = new LinkedHashMap<>();
    if (draw.chance(0.5)) {
      rule.put("from", list("source", SOURCE));
    }
    if (draw.chance(0.6)) {
      rule.put("to", list("operation", OPERATION));
    }
    if (draw.chance(0.5)) {
      rule.put("when", conditions());
    }
    return rule;
  }

  private List<Object> list(String of, Map<String, List<String>> fields) {
    List<Object> list = new ArrayList<>();
    for (int i = draw.upTo(1); i >= 0; i--) {
      list.add(Map.of(of, fields(fields)));
    }
    return list;
  }

  private Map<String, Object> fields(Map<String, List<String>> pools) {
    Map<String, Object> fields = new LinkedHashMap<>();
    List<String> names = pools.keySet().stream().sorted().toList();
    for (int i = draw.upTo(1); i >= 0; i--) {
      String name = draw.of(names);
      boolean negated = draw.chance(0.3);
      String not = "not" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      fields.put(negated ? not : name, draw.some(pools.get(name), 2));
    }
    return fields;
  }

  private List<Object> conditions() {
    List<Object> conditions = new ArrayList<>();
    List<String> keys = WHEN.keySet().stream().sorted().toList();
    for (int i = draw.upTo(1); i >= 0; i--) {
      Map<String, Object> condition = new LinkedHashMap<>();
      String key = draw.of(keys);
      condition.put("key", key);
      condition.put(draw.chance(0.35) ? "notValues" : "values", draw.some(WHEN.get(key), 2));
      conditions.add(condition);
    }
    return conditions;
  }
}
