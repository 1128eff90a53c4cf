package io.meshclient;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Envoy's response flags, with plain words beside each. */
final class ResponseFlags {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          entry("DI", "a fault delayed it"),
          entry("FI", "a fault answered it"),
          entry("NC", "no such cluster"),
          entry("NR", "no rule takes it"),
          entry("UC", "the connection broke"),
          entry("UF", "no connection"),
          entry("UR", "the server refused it"),
          entry("UH", "no endpoint to send it to"),
          entry("UO", "too many at once"),
          entry("UT", "out of time"),
          entry("URX", "no retry left"));

  private static final String RESET = "upstream_reset_before_response_started";
  private static final Map<String, String> DETAILS =
      Map.of(
          "FI", "fault_filter_abort",
          "NR", "route_not_found",
          "NC", "cluster_not_found",
          "UH", "no_healthy_upstream",
          "UT", "response_timeout",
          "UO", RESET + "{overflow}",
          "UF", RESET + "{connection_failure}",
          "UC", RESET + "{connection_termination}",
          "UR", RESET + "{remote_refused_stream_reset}");

  private ResponseFlags() {}

  /**
   * Envoy's details of an answer that no endpoint gave.
   *
   * @param flags separated by commas
   */
  static String details(String flags) {
    for (String flag : flags.split(",", -1)) {
      String details = DETAILS.get(flag);
      if (details != null) {
        return details;
      }
    }
    return "direct_response";
  }

  /**
   * {@code URX (no retry left), UF (no connection)}.
   *
   * @param flags separated by commas
   */
  static String inWords(String flags) {
    return Arrays.stream(flags.split(",", -1))
        .map(flag -> WORDS.containsKey(flag) ? flag + " (" + WORDS.get(flag) + ")" : flag)
        .collect(Collectors.joining(", "));
  }
}
