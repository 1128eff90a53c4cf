package io.meshclient;

/**
 * What Istio's BASE normalization still does to a path that OkHttp has parsed (dot segments are
 * resolved there): needlessly encoded letters, digits, {@code -._~} are decoded. Doubled slashes
 * and {@code %2F} stay as they are.
 */
final class PathNormalizer {

  private PathNormalizer() {}

  static String normalize(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int decoded = c == '%' ? decode(path, i) : -1;
      if (decoded >= 0 && isUnreserved((char) decoded)) {
        out.append((char) decoded);
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int decode(String path, int percent) {
    if (percent + 2 >= path.length()) {
      return -1;
    }
    int high = Character.digit(path.charAt(percent + 1), 16);
    int low = Character.digit(path.charAt(percent + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean isUnreserved(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
