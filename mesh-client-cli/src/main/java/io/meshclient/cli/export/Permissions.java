package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import java.util.List;

/** Writes what is asked for, as Envoy's RBAC filter tests it. */
final class Permissions {
  private static final String FILTERS = "experimental.";

  private Permissions() {}

  /**
   * @param field of an operation, such as {@code paths}, or the key of a condition
   */
  static JsonObject of(String field, String value) {
    return switch (field) {
      case "hosts" -> Texts.header(":authority", value, true);
      case "methods" -> Texts.header(":method", value, false);
      case "paths" -> path(value);
      case "ports", "destination.port" -> Json.object("destination_port", Integer.parseInt(value));
      case "destination.ip" -> Json.object("destination_ip", Texts.block(value));
      case "connection.sni" -> Json.object("requested_server_name", Texts.matcher(value));
      default -> metadata(field, value);
    };
  }

  private static JsonObject path(String value) {
    if (!value.contains("{*}") && !value.contains("{**}")) {
      return Json.object("url_path", Json.object("path", Texts.matcher(value)));
    }
    String template = value.replace("{**}", "**").replace("{*}", "*");
    return Json.object(
        "uri_template",
        Json.extension(
            "uri-template",
            "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
            "path_template",
            template));
  }

  /** {@code experimental.envoy.filters.NAME[key]}: what another filter has left. */
  private static JsonObject metadata(String key, String value) {
    int bracket = key.indexOf('[');
    String filter = key.substring(FILTERS.length(), bracket);
    String name = key.substring(bracket + 1, key.length() - 1);
    boolean list = value.startsWith("[") && value.endsWith("]");
    JsonObject text = Texts.matcher(list ? value.substring(1, value.length() - 1) : value);
    JsonObject one = Json.object("string_match", text);
    return Json.object(
        "metadata",
        Json.object(
            "filter",
            filter,
            "path",
            List.of(Json.object("key", name)),
            "value",
            list ? Json.object("list_match", Json.object("one_of", one)) : one));
  }
}
