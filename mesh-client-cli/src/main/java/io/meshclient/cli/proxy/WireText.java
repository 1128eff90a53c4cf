package io.meshclient.cli.proxy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Header values: Jetty takes a byte for a character, OkHttp reads and writes UTF-8. */
final class WireText {

  private WireText() {}

  /** From Jetty's form to OkHttp's. */
  static String decode(@Nullable String bytes) {
    if (bytes == null) {
      return "";
    }
    return isAscii(bytes)
        ? bytes
        : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** From OkHttp's form to Jetty's. */
  static String encode(String text) {
    return isAscii(text)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }
}
