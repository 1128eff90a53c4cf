package io.meshclient.policy;

import java.util.ArrayList;
import java.util.List;

/** Small helpers for lists. */
final class Lists {

  private Lists() {}

  /** The parts between separators, stripped; at least one. */
  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      parts.add(text.substring(start, end).strip());
      start = end + 1;
    }
    parts.add(text.substring(start).strip());
    return parts;
  }
}
