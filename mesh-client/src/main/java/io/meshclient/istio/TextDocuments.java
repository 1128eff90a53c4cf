package io.meshclient.istio;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a YAML stream at its markers before anything is parsed, so that a syntax error spoils only
 * the document it is in.
 */
final class TextDocuments {
  /**
   * @param firstLine of the file, counted from 0
   */
  record TextDocument(String text, int firstLine) {}

  private final List<TextDocument> documents = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private int firstLine;
  private boolean begun;

  private TextDocuments() {}

  static List<TextDocument> split(String stream) {
    TextDocuments split = new TextDocuments();
    int line = 0;
    int at = 0;
    while (at < stream.length()) {
      int end = stream.indexOf('\n', at);
      int next = end < 0 ? stream.length() : end + 1;
      split.line(stream.substring(at, next), line++);
      at = next;
    }
    split.flush(line);
    return split.documents;
  }

  private void line(String line, int number) {
    if (isMarker(line, "...")) {
      flush(number + 1);
      return;
    }
    if (isMarker(line, "---")) {
      if (begun) {
        flush(number);
      }
      begun = true;
    } else {
      begun |= hasContent(line);
    }
    text.append(line);
  }

  private void flush(int nextLine) {
    if (begun) {
      documents.add(new TextDocument(text.toString(), firstLine));
    }
    text.setLength(0);
    firstLine = nextLine;
    begun = false;
  }

  private static boolean isMarker(String line, String marker) {
    return line.startsWith(marker)
        && (line.length() == marker.length() || line.charAt(marker.length()) <= ' ');
  }

  /** Not a comment, nor a directive, which belongs to the document behind it. */
  private static boolean hasContent(String line) {
    String stripped = line.strip();
    return !stripped.isEmpty() && !stripped.startsWith("#") && !line.startsWith("%");
  }
}
