package io.meshclient.policy;

import java.util.Locale;

/** Names of hosts and headers: compared without regard to case, kept in lower case. */
final class Names {

  private Names() {}

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * The full name of a host that a resource names: a name without a dot is a service of the
   * resource's own namespace; every other name is taken as it is.
   */
  static String resolve(String host, String namespace, String domain) {
    return host.indexOf('.') < 0 && !host.equals("*")
        ? lower(host) + "." + namespace + ".svc." + domain
        : lower(host);
  }

  static boolean isWildcard(String host) {
    return host.startsWith("*");
  }

  /** Whether a wildcard such as {@code *.example.com} takes a host (or a narrower wildcard). */
  static boolean wildcardTakes(String wildcard, String host) {
    String suffix = wildcard.substring(1);
    return host.length() > suffix.length() && host.endsWith(suffix)
        || wildcard.equals("*")
        || wildcard.equals(host);
  }

  /** Whether a host pattern, exact or wildcard, takes a host. */
  static boolean takes(String pattern, String host) {
    return isWildcard(pattern) ? wildcardTakes(pattern, host) : pattern.equals(host);
  }
}
