package io.meshclient.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a format: a text as it is, or one of Envoy's command operators. Those that only a proxy
 * could know are known by name, and have no value.
 *
 * @param value {@code null} where there is none
 * @param isNumber whether it is a number in JSON
 * @param isText whether it is written as it stands
 */
record Operator(Function<RequestFacts, @Nullable String> value, boolean isNumber, boolean isText) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Map<String, Operator> KNOWN =
      Map.ofEntries(
          text("START_TIME", facts -> TIME.format(Instant.ofEpochMilli(facts.startMillis()))),
          text("PROTOCOL", facts -> orNull(facts.protocol())),
          number("RESPONSE_CODE", RequestFacts::status),
          text("RESPONSE_CODE_DETAILS", facts -> orNull(facts.details())),
          text("RESPONSE_FLAGS", facts -> orNull(facts.flags())),
          number("BYTES_RECEIVED", RequestFacts::requestBytes),
          number("BYTES_SENT", RequestFacts::responseBytes),
          number("DURATION", facts -> TimeUnit.NANOSECONDS.toMillis(facts.durationNanos())),
          text("UPSTREAM_HOST", RequestFacts::upstreamHost),
          text("UPSTREAM_CLUSTER", facts -> orNull(facts.cluster())),
          text("UPSTREAM_CLUSTER_RAW", facts -> orNull(facts.cluster())),
          text("UPSTREAM_TRANSPORT_FAILURE_REASON", RequestFacts::failure),
          number("UPSTREAM_REQUEST_ATTEMPT_COUNT", RequestFacts::attempts),
          text("DOWNSTREAM_REMOTE_ADDRESS", RequestFacts::downstreamHost),
          text("DOWNSTREAM_PEER_URI_SAN", facts -> principal(facts.source())),
          text("UPSTREAM_PEER_URI_SAN", facts -> principal(facts.destination())),
          text("ROUTE_NAME", RequestFacts::routeName),
          text("TRACE_ID", facts -> facts.span().isValid() ? facts.span().getTraceId() : null),
          text("SPAN_ID", facts -> facts.span().isValid() ? facts.span().getSpanId() : null));

  /** What the library cannot know, or does not have. */
  private static final Set<String> WITHOUT_VALUE =
      Set.of(
          "CONNECTION_TERMINATION_DETAILS",
          "UPSTREAM_LOCAL_ADDRESS",
          "DOWNSTREAM_LOCAL_ADDRESS",
          "DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
          "REQUESTED_SERVER_NAME",
          "UPSTREAM_WIRE_BYTES_SENT",
          "UPSTREAM_WIRE_BYTES_RECEIVED",
          "DOWNSTREAM_WIRE_BYTES_SENT",
          "DOWNSTREAM_WIRE_BYTES_RECEIVED",
          "CONNECTION_ID",
          "STREAM_ID",
          "VIRTUAL_CLUSTER_NAME",
          "HOSTNAME",
          "RESPONSE_DURATION",
          "RESPONSE_TX_DURATION",
          "REQUEST_DURATION",
          "REQUEST_TX_DURATION",
          "GRPC_STATUS_NUMBER",
          "DOWNSTREAM_TLS_VERSION",
          "DOWNSTREAM_LOCAL_URI_SAN",
          "UPSTREAM_REMOTE_ADDRESS",
          "UPSTREAM_REMOTE_PORT",
          "DYNAMIC_METADATA",
          "FILTER_STATE",
          "METADATA",
          "CEL");

  /**
   * The parts of a format.
   *
   * @throws IllegalArgumentException if an operator does not end, or is none
   */
  static List<Operator> parse(String format) {
    List<Operator> parts = new ArrayList<>();
    int from = 0;
    while (from < format.length()) {
      int percent = format.indexOf('%', from);
      if (percent < 0) {
        parts.add(literal(format.substring(from)));
        break;
      }
      if (percent > from) {
        parts.add(literal(format.substring(from, percent)));
      }
      if (format.startsWith("%%", percent)) {
        parts.add(literal("%"));
        from = percent + 2;
        continue;
      }
      int end = end(format, percent + 1);
      if (end < 0) {
        throw new IllegalArgumentException(
            "format: \"" + format.substring(percent) + "\" (expected: a second %)");
      }
      parts.add(operator(format.substring(percent + 1, end)));
      from = end + 1;
    }
    return List.copyOf(parts);
  }

  /** A parameter in parentheses may have percent signs of its own. */
  private static int end(String format, int from) {
    int open = format.indexOf('(', from);
    int percent = format.indexOf('%', from);
    if (open >= 0 && open < percent) {
      int close = format.indexOf(')', open);
      return close < 0 ? -1 : format.indexOf('%', close);
    }
    return percent;
  }

  private static Operator operator(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    String name = open < 0 ? withoutLength(text) : text.substring(0, open);
    String parameter = open < 0 || close < open ? "" : text.substring(open + 1, close);
    int most = length(open < 0 ? text : text.substring(Math.max(close, 0)));
    Operator found =
        switch (name) {
          case "REQ", "REQUEST_HEADER" -> header(parameter, true);
          case "RESP", "TRAILER", "RESPONSE_HEADER" -> header(parameter, false);
          case "START_TIME" -> KNOWN.get(name);
          case "COMMON_DURATION" -> KNOWN.get("DURATION");
          case "ENVIRONMENT" -> constant(System.getenv(parameter));
          case "GRPC_STATUS" -> header("GRPC-STATUS", false);
          default -> KNOWN.get(name);
        };
    if (found == null && WITHOUT_VALUE.contains(name)) {
      return constant(null);
    }
    if (found == null) {
      throw new IllegalArgumentException(
          "format: %" + text + "% (expected: one of Envoy's command operators)");
    }
    return most < 0 ? found : found.atMost(most);
  }

  /** {@code NAME:10} is at most ten characters long. */
  private static int length(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return -1;
    }
    try {
      return Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String withoutLength(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text : text.substring(0, colon);
  }

  /** {@code FIRST?SECOND}: the second stands in for the first. */
  private static Operator header(String parameter, boolean request) {
    int mark = parameter.indexOf('?');
    String first = (mark < 0 ? parameter : parameter.substring(0, mark)).toLowerCase(Locale.ROOT);
    String second = mark < 0 ? "" : parameter.substring(mark + 1).toLowerCase(Locale.ROOT);
    return new Operator(
        facts -> {
          String value = Headers.value(facts, first, request);
          return value != null || second.isEmpty() ? value : Headers.value(facts, second, request);
        },
        false,
        false);
  }

  private static Operator constant(@Nullable String value) {
    return new Operator(facts -> value, false, false);
  }

  private static Operator literal(String text) {
    return new Operator(facts -> text, false, true);
  }

  private Operator atMost(int characters) {
    return new Operator(
        facts -> {
          String text = value.apply(facts);
          return text == null || text.length() <= characters ? text : text.substring(0, characters);
        },
        false,
        false);
  }

  @Nullable String text(RequestFacts facts) {
    return value.apply(facts);
  }

  /** A value that cannot end its line, or the quotes around it. */
  static String printable(String value, Operator operator) {
    if (operator.isText) {
      return value;
    }
    StringBuilder safe = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        safe.append('\\').append(c);
      } else {
        safe.append(c < ' ' || c == 127 ? '?' : c);
      }
    }
    return safe.toString();
  }

  private static @Nullable String principal(Peer peer) {
    return peer.principal().equals(Peer.UNKNOWN) ? null : peer.principal();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Map.Entry<String, Operator> text(
      String name, Function<RequestFacts, @Nullable String> value) {
    return Map.entry(name, new Operator(value, false, false));
  }

  private static Map.Entry<String, Operator> number(
      String name, Function<RequestFacts, Number> value) {
    return Map.entry(name, new Operator(facts -> value.apply(facts).toString(), true, false));
  }
}
