package io.meshclient.cli.proxy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Headers that are for one connection only: RFC 9110, section 7.6.1.
 *
 * @param named what a Connection header names, in lower case
 */
record HopByHop(Set<String> named) {
  private static final Set<String> ALWAYS =
      Set.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

  /** Those that a message with these values of Connection has. */
  static HopByHop of(List<String> connection) {
    Set<String> named = new HashSet<>();
    for (String value : connection) {
      for (String name : value.split(",", -1)) {
        named.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return new HopByHop(named);
  }

  boolean includes(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALWAYS.contains(lower) || lower.startsWith("proxy-") || named.contains(lower);
  }
}
