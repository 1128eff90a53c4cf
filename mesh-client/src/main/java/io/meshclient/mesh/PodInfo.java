package io.meshclient.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What Kubernetes' downward API mounts of a pod: lines of {@code key="value"}. */
final class PodInfo {
  private PodInfo() {}

  /** Of a file that is not there, nothing. */
  static Map<String, String> read(Path file) {
    Map<String, String> found = new TreeMap<>();
    try {
      if (Files.isReadable(file)) {
        for (String line : Files.readAllLines(file)) {
          int equals = line.indexOf('=');
          if (equals > 0) {
            found.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1)));
          }
        }
      }
    } catch (IOException e) {
      // What cannot be read says nothing.
    }
    return found;
  }

  private static String unquoted(String value) {
    String text = value.strip();
    if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() - 1) {
        c = text.charAt(++i);
        plain.append(c == 'n' ? '\n' : c == 't' ? '\t' : c);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
