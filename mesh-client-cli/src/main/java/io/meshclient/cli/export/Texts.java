package io.meshclient.cli.export;

import com.google.gson.JsonObject;

/** Writes the values of AuthorizationPolicies as Istio does: a star at one end is a wildcard. */
final class Texts {

  private Texts() {}

  static JsonObject matcher(String value) {
    return matcher(value, "");
  }

  /**
   * @param prefix what every text begins with, which values leave out
   */
  static JsonObject matcher(String value, String prefix) {
    if (value.equals("*")) {
      return regex(".+");
    }
    if (value.startsWith("*")) {
      String end = value.substring(1);
      return prefix.isEmpty() ? Json.object("suffix", end) : regex(prefix + ".*" + end);
    }
    return value.endsWith("*")
        ? Json.object("prefix", prefix + value.substring(0, value.length() - 1))
        : Json.object("exact", prefix + value);
  }

  static JsonObject ignoringCase(String value) {
    JsonObject matcher = matcher(value);
    if (!matcher.has("safe_regex")) {
      matcher.addProperty("ignore_case", true);
    }
    return matcher;
  }

  /** All of the text has to match. */
  static JsonObject regex(String regex) {
    return Json.object("safe_regex", Matches.regex(regex));
  }

  /** A header, which a star alone asks for in whatever form. */
  static JsonObject header(String name, String value, boolean ignoresCase) {
    if (value.equals("*")) {
      return Json.object("header", Json.object("name", name, "present_match", true));
    }
    return Json.object(
        "header",
        Json.object(
            "name", name, "string_match", ignoresCase ? ignoringCase(value) : matcher(value)));
  }

  /** An address or a block: {@code 10.0.0.0/8}. */
  static JsonObject block(String value) {
    int slash = value.indexOf('/');
    String address = slash < 0 ? value : value.substring(0, slash);
    int bits = address.indexOf(':') < 0 ? 32 : 128;
    return Json.object(
        "address_prefix",
        address,
        "prefix_len",
        slash < 0 ? bits : Integer.parseInt(value.substring(slash + 1)));
  }
}
