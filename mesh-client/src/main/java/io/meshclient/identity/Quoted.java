package io.meshclient.identity;

import java.util.HexFormat;

/**
 * Shows text of unknown origin in messages: in quotes, on one line, in ASCII, and not all of it if
 * it is long, so that a certificate or a header cannot write lines of its own into a log.
 */
final class Quoted {
  private static final int MOST = 200;

  private Quoted() {}

  /** What an exception of the platform says, without quotes: it may repeat what it read. */
  static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "not readable" : shown(message);
  }

  static String of(String text) {
    return '"' + shown(text) + '"';
  }

  private static String shown(String text) {
    int end = Math.min(text.length(), MOST);
    StringBuilder shown = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        shown.append(c);
      } else {
        shown.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    return shown.append(end < text.length() ? "..." : "").toString();
  }
}
