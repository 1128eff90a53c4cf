package io.meshclient.acceptance.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.backend.Received;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Requests and answers as the expected files write them, without what a hop adds of its own. */
final class Messages {

  private static final Set<String> OWN_IN_REQUESTS =
      Set.of(
          "host",
          "connection",
          "accept-encoding",
          "user-agent",
          "content-length",
          "content-type",
          "transfer-encoding",
          "accept",
          "x-request-id",
          "traceparent",
          "tracestate");

  private static final List<String> OWN_IN_REQUESTS_PREFIXES =
      List.of("x-envoy-", "x-forwarded-", "x-b3-", "x-test-");

  private static final Set<String> LEFT_OUT_OF_ANSWERS =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "date",
          "server",
          "x-pod");

  private static final List<String> LEFT_OUT_OF_ANSWERS_PREFIXES = List.of("content-", "x-envoy-");

  private static final Pattern GENERATED_COOKIE = Pattern.compile("=\"?[0-9a-f]{8,}\"?(?=;|$)");

  private Messages() {}

  static JsonObject request(Received received) {
    JsonObject json = new JsonObject();
    json.addProperty("method", received.method());
    json.addProperty("path", received.target());
    json.addProperty("host", received.host());
    json.add(
        "headers", sorted(received.headers(), without(OWN_IN_REQUESTS, OWN_IN_REQUESTS_PREFIXES)));
    if (received.bodyLength() > 0) {
      json.addProperty("body", received.bodyLength());
    }
    return json;
  }

  static JsonArray responseHeaders(List<Header> headers) {
    return sorted(headers, without(LEFT_OUT_OF_ANSWERS, LEFT_OUT_OF_ANSWERS_PREFIXES));
  }

  private static JsonArray sorted(List<Header> headers, Predicate<String> kept) {
    JsonArray json = new JsonArray();
    headers.stream()
        .map(header -> new Header(header.name().toLowerCase(Locale.ROOT), header.value()))
        .filter(header -> kept.test(header.name()))
        .map(Messages::withoutGeneratedValue)
        .sorted(Comparator.comparing(Header::name).thenComparing(Header::value))
        .forEach(header -> json.add(pair(header)));
    return json;
  }

  private static Predicate<String> without(Set<String> names, List<String> prefixes) {
    return name -> !names.contains(name) && prefixes.stream().noneMatch(name::startsWith);
  }

  private static Header withoutGeneratedValue(Header header) {
    return header.name().equals("set-cookie")
        ? new Header(
            header.name(), GENERATED_COOKIE.matcher(header.value()).replaceFirst("=GENERATED"))
        : header;
  }

  private static JsonArray pair(Header header) {
    JsonArray pair = new JsonArray();
    pair.add(header.name());
    pair.add(header.value());
    return pair;
  }
}
