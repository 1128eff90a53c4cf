package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.Condition;
import io.meshclient.policy.PathMatch;
import io.meshclient.policy.Route;
import io.meshclient.policy.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a route asks of requests: Envoy's {@code RouteMatch}. */
final class Matches {

  private Matches() {}

  /**
   * A route's match.
   *
   * @param port the port that the routes are for; 0 where that is not known
   * @return {@code null} where no request of that port meets it
   */
  static @Nullable JsonObject of(Route route, int port) {
    JsonObject match = path(route.path());
    List<JsonObject> headers = new ArrayList<>();
    List<JsonObject> parameters = new ArrayList<>();
    for (Condition condition : route.conditions()) {
      if (condition instanceof Condition.Header header) {
        headers.add(header(header));
      } else if (condition instanceof Condition.Query query) {
        parameters.add(query(query));
      } else if (condition instanceof Condition.Port only && only.number() != port) {
        return null;
      }
    }
    Json.put(match, "headers", Json.arrayOrNull(headers));
    Json.put(match, "query_parameters", Json.arrayOrNull(parameters));
    return match;
  }

  private static JsonObject path(PathMatch path) {
    if (path instanceof PathMatch.Exact exact) {
      return Json.object("path", exact.text(), "case_sensitive", !exact.ignoreCase());
    }
    if (path instanceof PathMatch.Prefix prefix) {
      return Json.object("prefix", prefix.text(), "case_sensitive", !prefix.ignoreCase());
    }
    if (path instanceof PathMatch.SegmentPrefix segments) {
      return Json.object("path_separated_prefix", segments.text());
    }
    PathMatch.Regex regex = (PathMatch.Regex) path;
    return Json.object("safe_regex", regex(regex.regex().pattern().pattern()));
  }

  private static JsonObject header(Condition.Header header) {
    boolean presence = header.matcher() instanceof StringMatcher.Present;
    return Json.object(
        "name",
        header.name(),
        "present_match",
        presence ? true : null,
        "string_match",
        presence ? null : text(header.matcher()),
        "invert_match",
        header.inverted() ? true : null,
        "treat_missing_header_as_empty",
        header.inverted() && !presence ? true : null);
  }

  private static JsonObject query(Condition.Query query) {
    boolean presence = query.matcher() instanceof StringMatcher.Present;
    return Json.object(
        "name",
        query.name(),
        "present_match",
        presence ? true : null,
        "string_match",
        presence ? null : text(query.matcher()));
  }

  private static JsonObject text(StringMatcher matcher) {
    if (matcher instanceof StringMatcher.Exact exact) {
      return Json.object("exact", exact.text(), "ignore_case", exact.ignoreCase() ? true : null);
    }
    if (matcher instanceof StringMatcher.Prefix prefix) {
      return Json.object("prefix", prefix.text(), "ignore_case", prefix.ignoreCase() ? true : null);
    }
    StringMatcher.Regex regex = (StringMatcher.Regex) matcher;
    return Json.object("safe_regex", regex(regex.pattern().pattern()));
  }

  static JsonObject regex(String regex) {
    return Json.object("regex", regex);
  }
}
