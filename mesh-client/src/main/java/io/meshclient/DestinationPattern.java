package io.meshclient;

import java.util.Locale;

/**
 * Which destinations a setting is for: a host, with {@code *} for any characters, and a subset
 * after a slash. {@code payment-service} and {@code payment-service.production} are short for the
 * service's full name, as in Istio's YAML.
 *
 * @param subset empty for all of them
 */
record DestinationPattern(String host, String subset) {

  static DestinationPattern of(String pattern) {
    int slash = pattern.indexOf('/');
    String host = slash < 0 ? pattern : pattern.substring(0, slash);
    String subset = slash < 0 ? "" : pattern.substring(slash + 1);
    if (host.isEmpty() || slash >= 0 && (subset.isEmpty() || subset.indexOf('/') >= 0)) {
      throw new IllegalArgumentException(
          "destination: \""
              + pattern
              + "\" (expected: HOST or HOST/SUBSET, such as payment-service/v2; * for any)");
    }
    return new DestinationPattern(host.toLowerCase(Locale.ROOT), subset);
  }

  boolean matches(String name, String namespace, String domain) {
    int slash = name.indexOf('/');
    String itsHost = (slash < 0 ? name : name.substring(0, slash)).toLowerCase(Locale.ROOT);
    String itsSubset = slash < 0 ? "" : name.substring(slash + 1);
    return matchesHost(itsHost, namespace, domain) && (subset.isEmpty() || glob(subset, itsSubset));
  }

  private boolean matchesHost(String name, String namespace, String domain) {
    if (glob(host, name)) {
      return true;
    }
    String cluster = ".svc." + domain;
    if (!name.endsWith(cluster)) {
      return false;
    }
    String inNamespace = name.substring(0, name.length() - cluster.length());
    return glob(host, inNamespace)
        || inNamespace.endsWith("." + namespace)
            && glob(host, inNamespace.substring(0, inNamespace.length() - namespace.length() - 1));
  }

  /** The more of it is said, the more it counts; a host without {@code *} most of all. */
  int weight() {
    int ofHost = host.indexOf('*') < 0 ? 10_000 : host.length();
    return 2 * ofHost + (subset.isEmpty() ? 0 : 1);
  }

  private static boolean glob(String pattern, String text) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(text);
    }
    if (!text.startsWith(pattern.substring(0, star))) {
      return false;
    }
    String rest = pattern.substring(star + 1);
    for (int from = star; from <= text.length(); from++) {
      if (glob(rest, text.substring(from))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return subset.isEmpty() ? host : host + "/" + subset;
  }
}
