package io.meshclient.telemetry;

/** Writes JSON (RFC 8259). */
final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private JsonText() {}

  static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> appendPlain(out, c);
      }
    }
    out.append('"');
  }

  private static void appendPlain(StringBuilder out, char c) {
    if (c >= ' ' && c != 127) {
      out.append(c);
    } else {
      out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }
}
