package io.meshclient.cli.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.meshclient.identity.SpiffeId;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Says of each line whether it is a SPIFFE ID. A line ends with a line feed alone, or with the
 * input; nothing is trimmed, so that a carriage return or a byte order mark is part of the ID, and
 * makes it an invalid one.
 */
final class IdChecker {
  private static final int BUFFER = 1 << 16;

  private final boolean escaped;
  private final CharsetDecoder strict =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  IdChecker(boolean escaped) {
    this.escaped = escaped;
  }

  /** Reads to the end, and writes a line for each line. Closes neither. */
  void check(InputStream ids, OutputStream verdicts) throws IOException {
    OutputStream out = new BufferedOutputStream(verdicts, BUFFER);
    ByteArrayOutputStream begun = new ByteArrayOutputStream();
    byte[] read = new byte[BUFFER];
    for (int count = ids.read(read); count >= 0; count = ids.read(read)) {
      int from = 0;
      for (int i = 0; i < count; i++) {
        if (read[i] == '\n') {
          begun.write(read, from, i - from);
          out.write(verdict(begun.toByteArray()).getBytes(UTF_8));
          begun.reset();
          from = i + 1;
        }
      }
      begun.write(read, from, count - from);
      // Whoever waits for an answer before the next question gets it.
      out.flush();
    }
    if (begun.size() > 0) {
      out.write(verdict(begun.toByteArray()).getBytes(UTF_8));
      out.flush();
    }
  }

  private String verdict(byte[] line) {
    ByteBuffer bytes = ByteBuffer.wrap(line);
    CharBuffer chars = CharBuffer.allocate(line.length);
    if (strict.reset().decode(bytes, chars, true).isError()) {
      return invalid(
          new String(line, UTF_8), "not UTF-8: byte at " + bytes.position() + " (expected: UTF-8)");
    }
    String text = chars.flip().toString();
    String id = text;
    if (escaped) {
      try {
        id = Escapes.resolve(text);
      } catch (Escapes.BadEscape bad) {
        return invalid(text, bad.reason);
      }
    }
    String reason = SpiffeId.problem(id);
    return reason == null ? "valid\t" + text + "\n" : invalid(text, reason);
  }

  private static String invalid(String line, String reason) {
    return "invalid\t" + Escapes.onOneLine(line) + "\t" + reason + "\n";
  }
}
