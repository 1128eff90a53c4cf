package io.meshclient.server;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as limits compare them. */
final class Paths {

  private Paths() {}

  /** A request's path, decoded, so that dots and slashes cannot lead around a limit. */
  static String of(URI uri) {
    String path = uri.getPath();
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : (path == null ? "" : path).split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  /** Whether a path is the prefix, or below it. */
  static boolean isBelow(String path, String prefix) {
    String start = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return path.startsWith(start)
        && (path.length() == start.length() || path.charAt(start.length()) == '/');
  }
}
