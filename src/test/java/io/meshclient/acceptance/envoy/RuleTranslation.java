package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns one rule of an AuthorizationPolicy into a policy of Envoy's RBAC filter. */
final class RuleTranslation {

  private static final String SPIFFE = "spiffe://";

  private final TrustDomains trustDomains;
  private final String namespace;

  /**
   * @param namespace the policy's, which service accounts without one are of
   */
  RuleTranslation(TrustDomains trustDomains, String namespace) {
    this.trustDomains = trustDomains;
    this.namespace = namespace;
  }

  Map<String, Object> translate(Object rule) {
    Side principals = new Side("and_ids", "or_ids", "ids", "not_id");
    Side permissions = new Side("and_rules", "or_rules", "rules", "not_rule");
    for (Object condition : Js.list(rule, "when")) {
      when(condition, principals, permissions);
    }
    List<Object> from = new ArrayList<>();
    for (Object each : Js.list(rule, "from")) {
      from.add(source(Js.map(each, "source"), principals.copy()).all());
    }
    List<Object> to = new ArrayList<>();
    for (Object each : Js.list(rule, "to")) {
      to.add(operation(Js.map(each, "operation"), permissions.copy()).all());
    }
    return Js.object(
        "permissions", to.isEmpty() ? List.of(permissions.all()) : to,
        "principals", from.isEmpty() ? List.of(principals.all()) : from);
  }

  private Side source(Map<String, Object> source, Side side) {
    side.add(source, "principals", "notPrincipals", this::principals);
    side.add(source, "requestPrincipals", "notRequestPrincipals", each(Matchers::requestPrincipal));
    side.add(source, "serviceAccounts", "notServiceAccounts", each(this::serviceAccount));
    side.add(source, "namespaces", "notNamespaces", each(RuleTranslation::namespace));
    side.add(source, "trustDomains", "notTrustDomains", this::trustDomains);
    side.add(source, "remoteIpBlocks", "notRemoteIpBlocks", each(address("remote_ip")));
    side.add(source, "ipBlocks", "notIpBlocks", each(address("direct_remote_ip")));
    return side;
  }

  private static Side operation(Map<String, Object> operation, Side side) {
    side.add(operation, "hosts", "notHosts", each(v -> Matchers.header(":authority", v, true)));
    side.add(operation, "methods", "notMethods", each(v -> Matchers.header(":method", v, false)));
    side.add(operation, "paths", "notPaths", each(RuleTranslation::path));
    side.add(operation, "ports", "notPorts", each(RuleTranslation::port));
    return side;
  }

  private void when(Object condition, Side principals, Side permissions) {
    String key = Js.string(condition, "key");
    boolean ofRequest = key.startsWith("destination.") || key.startsWith("connection.");
    Side side = ofRequest || key.startsWith("experimental.") ? permissions : principals;
    side.add(condition, "values", "notValues", matcherOf(key));
  }

  private Function<List<String>, List<Object>> matcherOf(String key) {
    if (key.startsWith("request.headers[")) {
      String name = bracketed(key).get(0);
      return each(value -> Matchers.header(name, value, false));
    }
    if (key.startsWith("request.auth.claims[")) {
      return values -> List.of(Matchers.claim(bracketed(key), values));
    }
    if (key.startsWith("experimental.envoy.filters.")) {
      return values -> List.of(filterMetadata(key, values));
    }
    return switch (key) {
      case "destination.ip" -> each(address("destination_ip"));
      case "destination.port" -> each(RuleTranslation::port);
      case "connection.sni" ->
          each(value -> Js.object("requested_server_name", Matchers.string(value)));
      case "source.ip" -> each(address("direct_remote_ip"));
      case "remote.ip" -> each(address("remote_ip"));
      case "source.namespace" -> each(RuleTranslation::namespace);
      case "source.principal" -> this::principals;
      case "source.serviceAccount" -> each(this::serviceAccount);
      case "request.auth.principal" -> each(Matchers::requestPrincipal);
      case "request.auth.audiences" -> values -> List.of(Matchers.claim(List.of("aud"), values));
      case "request.auth.presenter" -> values -> List.of(Matchers.claim(List.of("azp"), values));
      default -> throw new IllegalArgumentException("when: " + key + " (expected: a known key)");
    };
  }

  private static Function<List<String>, List<Object>> each(Function<String, Object> matcher) {
    return values -> values.stream().map(matcher).toList();
  }

  /** {@code x[a][b]} has the names a and b. */
  private static List<String> bracketed(String key) {
    String names = key.substring(key.indexOf('[') + 1, key.length() - 1);
    return List.of(names.split("]\\[", -1));
  }

  private static Object filterMetadata(String key, List<String> values) {
    String filter = key.substring("experimental.".length(), key.indexOf('['));
    List<Object> alternatives = new ArrayList<>();
    for (String value : values) {
      boolean inList = value.startsWith("[") && value.endsWith("]");
      String text = inList ? value.substring(1, value.length() - 1) : value;
      Object match = Js.object("string_match", Matchers.string(text));
      alternatives.add(inList ? Js.object("list_match", Js.object("one_of", match)) : match);
    }
    return Matchers.metadata(
        filter,
        List.of(Js.object("key", bracketed(key).get(0))),
        Js.object("or_match", Js.object("value_matchers", twoOrMore(alternatives))));
  }

  /** Envoy does not take an alternative of one. */
  private static List<Object> twoOrMore(List<Object> alternatives) {
    List<Object> more = new ArrayList<>(alternatives);
    if (more.size() == 1) {
      more.add(more.get(0));
    }
    return more;
  }

  private List<Object> principals(List<String> values) {
    return each(value -> authenticated(Matchers.string(value, SPIFFE)))
        .apply(trustDomains.widened(values));
  }

  private List<Object> trustDomains(List<String> values) {
    return each(value ->
            authenticated(Matchers.regex(SPIFFE + value.replace("*", "[^/]*") + "/.*")))
        .apply(trustDomains.expanded(values));
  }

  private static Object namespace(String value) {
    return authenticated(Matchers.regex(".*/ns/" + value.replace("*", ".*") + "/.*"));
  }

  private Object serviceAccount(String value) {
    int slash = value.indexOf('/');
    String of = slash < 0 ? namespace : value.substring(0, slash);
    String name = value.substring(slash + 1);
    return authenticated(Matchers.regex(SPIFFE + ".+/ns/" + of + "/(.+/|)sa/" + name + "(/.+)?"));
  }

  private static Object authenticated(Map<String, Object> name) {
    return Js.object("authenticated", Js.object("principal_name", name));
  }

  private static Function<String, Object> address(String which) {
    return block -> Js.object(which, Matchers.cidr(block));
  }

  private static Object port(String value) {
    return Js.object("destination_port", Integer.parseInt(value));
  }

  private static Object path(String value) {
    if (value.contains("{*}") || value.contains("{**}")) {
      String template = value.replace("{**}", "**").replace("{*}", "*");
      return Js.object(
          "uri_template",
          Js.extension(
              "uri-template",
              Js.typed(
                  "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
                  "path_template",
                  template)));
    }
    return Js.object("url_path", Js.object("path", Matchers.string(value)));
  }
}
