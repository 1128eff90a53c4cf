package io.meshclient.istio;

/** What may be the name of a host, of a header, of a subset. */
final class Names {
  private static final int MAX_HOST = 255;
  private static final int MAX_LABEL = 63;

  private Names() {}

  /** A DNS name whose first label may be or begin with {@code *}, or an IP address. */
  static boolean isHost(String host) {
    if (host.equals("*") || isAddress(host)) {
      return true;
    }
    if (host.isEmpty() || host.length() > MAX_HOST) {
      return false;
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String[] labels = name.split("\\.", -1);
    for (int i = 0; i < labels.length; i++) {
      boolean wildcard = i == 0 && (labels.length > 1 || labels[0].length() > 1);
      if (!(wildcard && isWildcardLabel(labels[i])) && !isLabel(labels[i])) {
        return false;
      }
    }
    return true;
  }

  /** Letters, digits and dashes, the first and the last no dash. */
  static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= MAX_LABEL
        && !label.startsWith("-")
        && !label.endsWith("-")
        && label.chars().allMatch(c -> isAlphanumeric(c) || c == '-');
  }

  /** A token of RFC 9110. */
  static boolean isHeader(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  /** Nothing that ends the line. */
  static boolean isHeaderValue(String value) {
    return value.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWildcardLabel(String label) {
    String rest = label.startsWith("*-") ? label.substring(2) : label.substring(1);
    return label.startsWith("*") && (rest.isEmpty() || isLabel(rest));
  }

  private static boolean isAddress(String host) {
    boolean v6 = host.indexOf(':') != host.lastIndexOf(':');
    return v6
        && host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')
        && host.length() <= 45;
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }
}
