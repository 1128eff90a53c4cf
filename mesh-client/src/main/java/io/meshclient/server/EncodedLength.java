package io.meshclient.server;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How many bytes text becomes. */
final class EncodedLength {

  private EncodedLength() {}

  /** In what servlets write, nothing is allocated for it. */
  static long of(CharSequence text, Charset charset) {
    if (charset.equals(StandardCharsets.ISO_8859_1) || charset.equals(StandardCharsets.US_ASCII)) {
      return text.length();
    }
    if (!charset.equals(StandardCharsets.UTF_8)) {
      return text.toString().getBytes(charset).length;
    }
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Of a pair of surrogates, which are four bytes, each half counts for two.
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }
}
