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

  private ResponseFlags() {}

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
