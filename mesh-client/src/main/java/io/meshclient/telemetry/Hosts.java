package io.meshclient.telemetry;

/** Parts of a Host header. */
final class Hosts {

  private Hosts() {}

  /** Without its port. */
  static String name(String authority) {
    int colon = colon(authority);
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  /** Its port, or the scheme's. */
  static int port(String authority, String scheme) {
    int colon = colon(authority);
    try {
      if (colon >= 0) {
        return Integer.parseInt(authority.substring(colon + 1));
      }
    } catch (NumberFormatException e) {
      // no port, then
    }
    return scheme.equals("https") ? 443 : 80;
  }

  private static int colon(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < authority.indexOf(']') ? -1 : colon;
  }
}
