package io.meshclient.cli.identity;

import java.util.HexFormat;

/** The escapes {@code \}{@code uXXXX} and {@code \\}. */
final class Escapes {
  private static final int DIGITS = 4;

  /** A backslash begins neither; the reason is for whoever wrote it. */
  static final class BadEscape extends Exception {
    private static final long serialVersionUID = 1L;

    final String reason;

    private BadEscape(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private Escapes() {}

  /** The text that is meant. */
  static String resolve(String text) throws BadEscape {
    int backslash = text.indexOf('\\');
    if (backslash < 0) {
      return text;
    }
    StringBuilder meant = new StringBuilder(text.length());
    int from = 0;
    while (backslash >= 0) {
      meant.append(text, from, backslash);
      if (text.startsWith("\\\\", backslash)) {
        meant.append('\\');
        from = backslash + 2;
      } else {
        meant.append(unit(text, backslash));
        from = backslash + 2 + DIGITS;
      }
      backslash = text.indexOf('\\', from);
    }
    return meant.append(text, from, text.length()).toString();
  }

  private static char unit(String text, int backslash) throws BadEscape {
    int from = backslash + 2;
    int to = from + DIGITS;
    boolean escape = text.startsWith("\\u", backslash) && to <= text.length();
    for (int i = from; escape && i < to; i++) {
      escape = HexFormat.isHexDigit(text.charAt(i));
    }
    if (!escape) {
      throw new BadEscape(
          "escape: at " + backslash + " (expected: \\\\ or \\u and four hexadecimal digits)");
    }
    return (char) HexFormat.fromHexDigits(text, from, to);
  }

  /** Control characters, and what else some reader takes for a line's end, as escapes. */
  static String onOneLine(String text) {
    StringBuilder shown = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        if (shown == null) {
          shown = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        shown.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else if (shown != null) {
        shown.append(c);
      }
    }
    return shown == null ? text : shown.toString();
  }
}
