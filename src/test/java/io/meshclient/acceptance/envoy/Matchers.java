package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Envoy's matchers for the values of rules. */
final class Matchers {

  private static final String JWT_FILTER = "envoy.filters.http.jwt_authn";

  private Matchers() {}

  static Map<String, Object> string(String value) {
    return string(value, "");
  }

  /**
   * A value with a star at its start or its end, or none.
   *
   * @param ahead what stands in front of every value that is compared
   */
  static Map<String, Object> string(String value, String ahead) {
    if (value.equals("*")) {
      return regex(".+");
    }
    if (value.startsWith("*")) {
      String rest = value.substring(1);
      return ahead.isEmpty() ? Js.object("suffix", rest) : regex(ahead + ".*" + rest);
    }
    if (value.endsWith("*")) {
      return Js.object("prefix", ahead + value.substring(0, value.length() - 1));
    }
    return Js.object("exact", ahead + value);
  }

  static Map<String, Object> regex(String regex) {
    return Js.object("safe_regex", Js.object("regex", regex));
  }

  static Map<String, Object> header(String name, String value, boolean ignoresCase) {
    if (value.equals("*")) {
      return Js.object("header", Js.object("name", name, "present_match", true));
    }
    Map<String, Object> match = string(value);
    if (ignoresCase) {
      match.put("ignore_case", true);
    }
    return Js.object("header", Js.object("name", name, "string_match", match));
  }

  static Map<String, Object> cidr(String block) {
    boolean whole = !block.contains("/");
    String address = whole ? block : block.substring(0, block.indexOf('/'));
    int length = address.contains(":") ? 128 : 32;
    return Js.object(
        "address_prefix",
        address,
        "prefix_len",
        whole ? length : Integer.parseInt(block.substring(block.indexOf('/') + 1)));
  }

  /** A claim that is a string, or a list with it. */
  static Map<String, Object> claim(List<String> path, List<String> values) {
    List<Object> alternatives =
        new ArrayList<>(values.stream().map(v -> Js.object("string_match", string(v))).toList());
    Object one =
        alternatives.size() == 1
            ? alternatives.get(0)
            : Js.object("or_match", Js.object("value_matchers", alternatives));
    return claim(
        path,
        Js.object(
            "or_match",
            Js.object(
                "value_matchers",
                List.of(one, Js.object("list_match", Js.object("one_of", one))))));
  }

  static Map<String, Object> claim(List<String> path, Map<String, Object> value) {
    List<Object> keys = new ArrayList<>();
    keys.add(Js.object("key", "payload"));
    path.forEach(name -> keys.add(Js.object("key", name)));
    return metadata(JWT_FILTER, keys, value);
  }

  static Map<String, Object> metadata(String filter, List<Object> keys, Object value) {
    return Js.object("metadata", Js.object("filter", filter, "path", keys, "value", value));
  }

  /** ISSUER/SUBJECT, split at the last slash. */
  static Map<String, Object> requestPrincipal(String value) {
    int slash = value.lastIndexOf('/');
    String issuer = slash < 0 ? value : value.substring(0, slash);
    String subject = slash < 0 ? "" : value.substring(slash + 1);
    Map<String, Object> any = regex(".+");
    if (value.equals("*")) {
      return both(any, any);
    }
    if (value.startsWith("*") && slash >= 0) {
      Map<String, Object> suffix = Js.object("suffix", issuer.substring(1));
      return both(issuer.equals("*") ? any : suffix, Js.object("exact", subject));
    }
    if (value.startsWith("*")) {
      return both(any, Js.object("suffix", value.substring(1)));
    }
    if (value.endsWith("*") && slash >= 0) {
      Map<String, Object> prefix = Js.object("prefix", withoutLast(subject));
      return both(Js.object("exact", issuer), subject.equals("*") ? any : prefix);
    }
    if (value.endsWith("*")) {
      return both(Js.object("prefix", withoutLast(value)), any);
    }
    return both(Js.object("exact", issuer), Js.object("exact", subject));
  }

  private static String withoutLast(String value) {
    return value.substring(0, value.length() - 1);
  }

  private static Map<String, Object> both(Map<String, Object> issuer, Map<String, Object> subject) {
    return Js.object(
        "and_ids",
        Js.object(
            "ids",
            List.of(
                claim(List.of("iss"), Js.object("string_match", issuer)),
                claim(List.of("sub"), Js.object("string_match", subject)))));
  }
}
