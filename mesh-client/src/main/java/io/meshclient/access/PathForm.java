package io.meshclient.access;

import io.meshclient.istio.MeshConfig;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The form of a path that rules see and that goes on, by the mesh's {@code pathNormalization}.
 * Follows Envoy's {@code normalize_path}, {@code merge_slashes} and {@code
 * path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD}. Immutable.
 */
enum PathForm {
  NONE(false, false, false),
  BASE(true, false, false),
  MERGE_SLASHES(true, true, false),
  DECODE_AND_MERGE_SLASHES(true, true, true);

  private static final String ESCAPED = "\"<>^`{|}";
  private static final String HEX = "0123456789ABCDEF";

  private final boolean canonical;
  private final boolean merges;
  private final boolean decodes;

  PathForm(boolean canonical, boolean merges, boolean decodes) {
    this.canonical = canonical;
    this.merges = merges;
    this.decodes = decodes;
  }

  static PathForm of(MeshConfig mesh) {
    MeshConfig.PathNormalization setting = mesh.pathNormalization();
    MeshConfig.Normalization wanted = setting == null ? null : setting.normalization();
    return wanted == null || wanted == MeshConfig.Normalization.DEFAULT
        ? BASE
        : valueOf(wanted.name());
  }

  /**
   * A request's path and query with the path in this form; {@code null} for what Envoy answers with
   * 400.
   */
  @Nullable String of(String target) {
    if (target.indexOf('#') >= 0 || !target.startsWith("/") || !isVisibleAscii(target)) {
      return null;
    }
    int query = target.indexOf('?');
    int end = query < 0 ? target.length() : query;
    if (isPlain(target, end)) {
      return target;
    }
    String path = target.substring(0, end);
    if (decodes) {
      path = decoded(path);
    }
    String formed = canonical ? canonical(withoutDotParameters(path)) : path;
    if (formed == null) {
      return null;
    }
    return (merges ? merged(formed) : formed) + target.substring(end);
  }

  /** Whether nothing is to be done, which is so for most. */
  private boolean isPlain(String target, int end) {
    if (!canonical) {
      return true;
    }
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      boolean afterSlash = i > 0 && target.charAt(i - 1) == '/';
      if (c == '%' || c == '\\' || afterSlash && (c == '.' || c == '/') || isEscaped(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisibleAscii(String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static boolean isEscaped(char c) {
    return ESCAPED.indexOf(c) >= 0;
  }

  private static String decoded(String path) {
    return path.replace("%2F", "/").replace("%2f", "/").replace("%5C", "\\").replace("%5c", "\\");
  }

  private static String merged(String path) {
    if (!path.contains("//")) {
      return path;
    }
    StringBuilder out = new StringBuilder(path.length());
    if (isSlashes(path)) {
      return "//"; // Envoy's, whatever their number
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '/' || i == 0 || path.charAt(i - 1) != '/') {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isSlashes(String path) {
    return path.chars().allMatch(c -> c == '/');
  }

  /** Without what follows a semicolon in segments that begin with {@code .;} or {@code ..;}. */
  private static String withoutDotParameters(String path) {
    if (!path.contains("/.;") && !path.contains("/..;")) {
      return path;
    }
    StringBuilder out = new StringBuilder(path.length());
    int start = 1;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(start, end);
      boolean dots = segment.startsWith(".;") || segment.startsWith("..;");
      out.append('/').append(dots ? segment.substring(0, segment.indexOf(';')) : segment);
      start = end + 1;
    }
    return out.toString();
  }

  private static @Nullable String canonical(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
    StringBuilder out = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; ) {
      int dot = dot(bytes, i);
      int next;
      if (dot > 0 && out.length() > 0 && out.charAt(out.length() - 1) == '/') {
        next = segment(bytes, i + dot, out);
      } else if (dot > 0) {
        out.append('.');
        next = i + dot;
      } else {
        next = character(bytes, i, out);
      }
      if (next < 0) {
        return null;
      }
      i = next;
    }
    return out.toString();
  }

  /** What follows a dot at the beginning of a segment, and where to go on. */
  private static int segment(byte[] bytes, int at, StringBuilder out) {
    if (at == bytes.length) {
      return at;
    }
    if (isSlash(bytes[at])) {
      return at + 1;
    }
    int second = dot(bytes, at);
    int end = at + second;
    if (second == 0 || end < bytes.length && !isSlash(bytes[end])) {
      out.append('.');
      return at;
    }
    int parent = out.lastIndexOf("/", out.length() - 2);
    out.setLength(Math.max(parent, 0) + 1);
    return Math.min(end + 1, bytes.length);
  }

  private static int character(byte[] bytes, int at, StringBuilder out) {
    int c = bytes[at] & 0xff;
    if (c == '\\') {
      out.append('/');
      return at + 1;
    }
    if (c == '%') {
      int value = hex(bytes, at);
      if (value == 0) {
        return -1;
      }
      if (value < 0) {
        out.append('%');
        return at + 1;
      }
      if (isUnreserved(value)) {
        out.append((char) value);
      } else {
        out.append('%').append((char) bytes[at + 1]).append((char) bytes[at + 2]);
      }
      return at + 3;
    }
    if (isEscaped((char) c)) {
      out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    } else {
      out.append((char) c);
    }
    return at + 1;
  }

  private static boolean isSlash(byte b) {
    return b == '/' || b == '\\';
  }

  /** How long the dot is that stands there, itself or escaped; 0 if there is none. */
  private static int dot(byte[] bytes, int at) {
    if (at < bytes.length && bytes[at] == '.') {
      return 1;
    }
    return hex(bytes, at) == '.' ? 3 : 0;
  }

  /** The value of an escape that begins there; negative if none does. */
  private static int hex(byte[] bytes, int at) {
    if (at + 2 >= bytes.length || bytes[at] != '%') {
      return -1;
    }
    int high = Character.digit((char) bytes[at + 1], 16);
    int low = Character.digit((char) bytes[at + 2], 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean isUnreserved(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_'
        || c == '~';
  }
}
