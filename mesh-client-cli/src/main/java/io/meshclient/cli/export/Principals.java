package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/** Writes who asks, and with what, as Envoy's RBAC filter tests it. */
final class Principals {
  private static final String SCHEME = "spiffe://";
  private static final String HEADERS = "request.headers[";
  private static final String CLAIMS = "request.auth.claims";

  private final String namespace;

  /**
   * @param namespace the policy's, which service accounts without one belong to
   */
  Principals(String namespace) {
    this.namespace = namespace;
  }

  /**
   * @param field of a source, such as {@code principals}, or the key of a condition
   */
  JsonObject of(String field, String value) {
    return switch (field) {
      case "principals", "source.principal" -> peer(Texts.matcher(value, SCHEME));
      case "namespaces", "source.namespace" ->
          peer(Texts.regex(".*/ns/" + value.replace("*", ".*") + "/.*"));
      case "serviceAccounts", "source.serviceAccount" -> peer(account(value));
      case "trustDomains", "source.trustDomain" -> peer(trustDomain(value));
      case "ipBlocks", "source.ip" -> Json.object("direct_remote_ip", Texts.block(value));
      case "remoteIpBlocks", "remote.ip" -> Json.object("remote_ip", Texts.block(value));
      case "requestPrincipals", "request.auth.principal" -> token(value);
      case "request.auth.audiences" -> claim(List.of("aud"), Texts.matcher(value));
      case "request.auth.presenter" -> claim(List.of("azp"), Texts.matcher(value));
      default ->
          field.startsWith(HEADERS)
              ? Texts.header(field.substring(HEADERS.length(), field.length() - 1), value, false)
              : claim(nested(field.substring(CLAIMS.length())), Texts.matcher(value));
    };
  }

  private static JsonObject peer(JsonObject name) {
    return Json.object("authenticated", Json.object("principal_name", name));
  }

  private JsonObject account(String value) {
    int slash = value.indexOf('/');
    String own = slash < 0 ? namespace : value.substring(0, slash);
    String name = value.substring(slash + 1);
    return Texts.regex(SCHEME + ".+/ns/" + own + "/(.+/|)sa/" + name + "(/.+)?");
  }

  private static JsonObject trustDomain(String value) {
    if (value.equals("*")) {
      return Texts.regex(".+");
    }
    if (value.startsWith("*")) {
      return Texts.regex(SCHEME + "[^/]*" + Pattern.quote(value.substring(1)) + "/.*");
    }
    return value.endsWith("*")
        ? Json.object("prefix", SCHEME + value.substring(0, value.length() - 1))
        : Json.object("prefix", SCHEME + value + "/");
  }

  /** Issuer and subject are parted at the last slash, for an issuer may be a URL. */
  private static JsonObject token(String value) {
    int slash = value.lastIndexOf('/');
    String issuer = slash < 0 ? value : value.substring(0, slash);
    String subject = slash < 0 ? "" : value.substring(slash + 1);
    JsonObject any = Texts.matcher("*");
    if (value.equals("*")) {
      return both(any, any);
    }
    if (value.startsWith("*")) {
      return slash < 0
          ? both(any, Texts.matcher(value))
          : both(Texts.matcher(issuer), exact(subject));
    }
    if (value.endsWith("*")) {
      return slash < 0
          ? both(Texts.matcher(value), any)
          : both(exact(issuer), Texts.matcher(subject));
    }
    return both(exact(issuer), exact(subject));
  }

  private static JsonObject exact(String value) {
    return Json.object("exact", value);
  }

  private static JsonObject both(JsonObject issuer, JsonObject subject) {
    List<JsonObject> ids = List.of(text("iss", issuer), text("sub", subject));
    return Json.object("and_ids", Json.object("ids", ids));
  }

  private static JsonObject text(String claim, JsonObject text) {
    return metadata(List.of(claim), Json.object("string_match", text));
  }

  /** The claim itself, or one of its members where it is a list. */
  private static JsonObject claim(List<String> path, JsonObject text) {
    JsonObject one = Json.object("string_match", text);
    JsonObject member = Json.object("list_match", Json.object("one_of", one));
    return metadata(
        path, Json.object("or_match", Json.object("value_matchers", List.of(one, member))));
  }

  private static JsonObject metadata(List<String> path, JsonObject value) {
    List<JsonObject> keys = new ArrayList<>(List.of(Json.object("key", JwtFilter.PAYLOAD)));
    path.forEach(name -> keys.add(Json.object("key", name)));
    return Json.object(
        "metadata", Json.object("filter", JwtFilter.NAME, "path", keys, "value", value));
  }

  /** {@code [a][b]} as {@code a}, {@code b}. */
  private static List<String> nested(String text) {
    return List.of(text.substring(1, text.length() - 1).split("]\\[", -1));
  }
}
