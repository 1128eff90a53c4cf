package io.meshclient.telemetry;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Envoy's attributes of a request and its answer, as filters and tags name them. */
final class CelAttributes {
  private static final Pattern DURATION =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(h|ms|us|ns|m|s)");

  private CelAttributes() {}

  /**
   * @param key of headers; {@code null} for no key
   * @throws IllegalArgumentException if there is no such attribute; the message names the
   *     expression it is part of
   */
  static Function<RequestFacts, @Nullable Object> of(
      String name, @Nullable String key, String expression) {
    if (key != null) {
      String lower = key.toLowerCase(Locale.ROOT);
      return switch (name) {
        case "request.headers" -> facts -> Headers.value(facts, lower, true);
        case "response.headers" -> facts -> Headers.value(facts, lower, false);
        default -> throw unknown(name + "[\"" + key + "\"]", expression);
      };
    }
    if (name.startsWith("request.headers.")) {
      String header = name.substring("request.headers.".length()).toLowerCase(Locale.ROOT);
      return facts -> Headers.value(facts, header, true);
    }
    return switch (name) {
      case "request.method" -> RequestFacts::method;
      case "request.path" -> facts -> Headers.value(facts, ":path", true);
      case "request.url_path" -> facts -> withoutQuery(facts.path());
      case "request.host" -> RequestFacts::authority;
      case "request.scheme" -> RequestFacts::scheme;
      case "request.protocol" -> facts -> orNull(facts.protocol());
      case "request.id" -> facts -> facts.requestHeader("x-request-id");
      case "request.useragent" -> facts -> facts.requestHeader("user-agent");
      case "request.referer" -> facts -> facts.requestHeader("referer");
      case "request.duration" -> facts -> (double) facts.durationNanos();
      case "request.size", "request.total_size" -> RequestFacts::requestBytes;
      case "response.code" -> facts -> facts.status() == 0 ? null : facts.status();
      case "response.code_details" -> facts -> orNull(facts.details());
      case "response.size", "response.total_size" -> RequestFacts::responseBytes;
      case "response.grpc_status" -> facts -> number(facts.responseHeader("grpc-status"));
      case "connection.mtls" -> facts -> facts.connectionSecurity().equals("mutual_tls");
      case "source.address" -> RequestFacts::downstreamHost;
      case "upstream.address", "destination.address" -> RequestFacts::upstreamHost;
      case "xds.cluster_name" -> facts -> orNull(facts.cluster());
      case "xds.route_name" -> RequestFacts::routeName;
      case "source.principal", "connection.uri_san_peer_certificate" ->
          facts -> facts.source().principal();
      default -> throw unknown(name, expression);
    };
  }

  private static IllegalArgumentException unknown(String name, String expression) {
    return new IllegalArgumentException(
        "\""
            + expression
            + "\": "
            + name
            + " (expected: an attribute that is understood, such as response.code,"
            + " request.url_path or request.headers[\"name\"])");
  }

  /**
   * Nanoseconds of a text such as {@code 1.5s}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static double duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    double nanos = 0;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      nanos += Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
      end = matcher.end();
    }
    if (end == 0 || end < text.length()) {
      throw new IllegalArgumentException(
          "duration(\"" + text + "\") (expected: a duration, such as 500ms)");
    }
    return nanos;
  }

  private static double unit(String unit) {
    return switch (unit) {
      case "h" -> 3600e9;
      case "m" -> 60e9;
      case "s" -> 1e9;
      case "ms" -> 1e6;
      case "us" -> 1e3;
      default -> 1;
    };
  }

  private static @Nullable Object number(@Nullable String text) {
    try {
      return text == null ? null : Integer.valueOf(text.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
