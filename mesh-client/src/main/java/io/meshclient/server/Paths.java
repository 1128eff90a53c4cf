package io.meshclient.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as limits and exemptions compare them. */
final class Paths {

  private Paths() {}

  /** A target's path, decoded, so that dots and slashes cannot lead around a limit. */
  static String of(String target) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : decoded(raw(target)).split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  /** A target without its query and fragment. */
  static String raw(String target) {
    int end = 0;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      end++;
    }
    return target.substring(0, end);
  }

  /**
   * Whether a handler that was chosen by a path as it was sent may have the one that was decided
   * about: they say the same, and no escape hides a slash.
   */
  static boolean agree(String sent, String decided) {
    String path = decoded(raw(decided));
    return decoded(raw(sent)).equals(path)
        && slashes(path) == slashes(raw(decided))
        && path.indexOf('\\') < 0
        && !("/" + path + "/").contains("/../");
  }

  private static long slashes(String path) {
    return path.chars().filter(c -> c == '/').count();
  }

  /** A path with its escapes undone, where they are some. */
  static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      int value = path.charAt(i) == '%' ? octet(path, i + 1) : -1;
      if (value >= 0) {
        bytes.write(value);
        i += 2;
      } else {
        bytes.writeBytes(path.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int octet(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /**
   * Whether a target's path can be read in one way only. Servers differ in what they make of
   * escapes, dot segments, double slashes, backslashes and parameters.
   */
  static boolean isPlain(String target) {
    String path = raw(target);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c > '~' || c == '%' || c == '\\' || c == ';') {
        return false;
      }
    }
    return path.equals(of(path)) || path.endsWith("/") && path.equals(of(path) + "/");
  }

  /** Whether a path is the prefix, or below it. */
  static boolean isBelow(String path, String prefix) {
    String start = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return path.startsWith(start)
        && (path.length() == start.length() || path.charAt(start.length()) == '/');
  }
}
