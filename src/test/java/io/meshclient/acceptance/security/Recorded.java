package io.meshclient.acceptance.security;

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

/** Answers and requests in the form of the expected files. */
final class Recorded {

  private static final String XFCC = "x-forwarded-client-cert";

  /** Of the connection, or a proxy's own. */
  private static final Set<String> OWN_IN_REQUESTS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "x-request-id",
          "x-forwarded-proto",
          "x-test-id",
          "traceparent",
          "tracestate",
          XFCC);

  private static final Set<String> OWN_IN_ANSWERS =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "date",
          "keep-alive",
          "server",
          "transfer-encoding");

  private static final Pattern HASH = Pattern.compile("Hash=[0-9a-f]{64}");

  private Recorded() {}

  /** An answer, and the requests that the backend got of it. */
  static JsonObject of(Reply reply, List<Received> reached) {
    JsonObject json = new JsonObject();
    if (reply.isClosed()) {
      json.addProperty("status", "closed");
      json.addProperty("failure", reply.failure());
    } else {
      json.addProperty("status", reply.status());
    }
    if (!reply.isClosed() && !reply.ofBackend()) {
      json.addProperty("body", reply.body());
      JsonArray headers = lines(reply.headers(), name -> !OWN_IN_ANSWERS.contains(name));
      if (!headers.isEmpty()) {
        json.add("response_headers", headers);
      }
    }
    if (reached.size() > 1) {
      json.addProperty("reached", reached.size());
    }
    reached.stream().findFirst().ifPresent(received -> addUpstream(json, received));
    return json;
  }

  static void addUpstream(JsonObject json, Received received) {
    json.add("upstream", upstream(received.method(), received.target(), received.headers()));
    JsonArray certificates = new JsonArray();
    received.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(XFCC))
        .forEach(
            header -> certificates.add(HASH.matcher(header.value()).replaceAll("Hash=SHA256")));
    json.add("xfcc", certificates);
  }

  static JsonObject upstream(String method, String target, List<Header> headers) {
    JsonObject upstream = new JsonObject();
    upstream.addProperty("method", method);
    upstream.addProperty("path", target);
    upstream.add(
        "headers",
        lines(headers, name -> !OWN_IN_REQUESTS.contains(name) && !name.startsWith("x-envoy-")));
    return upstream;
  }

  /** Sorted by name and value, as they were recorded. */
  private static JsonArray lines(List<Header> headers, Predicate<String> kept) {
    JsonArray lines = new JsonArray();
    headers.stream()
        .map(header -> new Header(header.name().toLowerCase(Locale.ROOT), header.value()))
        .filter(header -> kept.test(header.name()))
        .sorted(Comparator.comparing(Header::name).thenComparing(Header::value))
        .forEach(
            header -> {
              JsonArray line = new JsonArray();
              line.add(header.name());
              line.add(header.value());
              lines.add(line);
            });
    return lines;
  }
}
