package io.meshclient.cli.upstream;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The head of an answer. One that could be read in two ways (RFC 9112, section 6.3) is refused:
 * what stands behind it on the connection must not become the answer to somebody else.
 *
 * @param fields without those that frame the body, or are the connection's
 * @param length of the body; {@link #CHUNKED}, or {@link #TO_THE_END} of the connection
 * @param persistent whether the server says that the connection goes on
 */
record AnswerHead(
    int status, List<Field> fields, List<String> connection, long length, boolean persistent) {
  static final long CHUNKED = -1;
  static final long TO_THE_END = -2;
  private static final int MOST_BYTES = 128 << 10;
  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  static AnswerHead read(WireReader in, String method) throws IOException {
    in.allow(MOST_BYTES);
    String start = in.line();
    int status = status(start);
    Framing framing = new Framing();
    List<Field> fields = new ArrayList<>();
    for (String line = in.line(); !line.isEmpty(); line = in.line()) {
      Field field = field(line);
      if (!framing.takes(field)) {
        fields.add(field);
      }
    }
    boolean silent = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
    if (silent && framing.length >= 0 && status != 204 && status >= 200) {
      fields.add(new Field("Content-Length", Long.toString(framing.length)));
    }
    boolean newest = start.startsWith("HTTP/1.1");
    return new AnswerHead(
        status,
        List.copyOf(fields),
        List.copyOf(framing.connection),
        silent ? 0 : framing.length(newest),
        framing.isPersistent(newest));
  }

  /** Whether the connection goes on by another protocol. */
  boolean upgrades() {
    return status == 101;
  }

  private static int status(String start) throws ProtocolException {
    boolean http = start.startsWith("HTTP/1.1 ") || start.startsWith("HTTP/1.0 ");
    int end = Math.min(12, start.length());
    long status = http ? WireReader.number(start.substring(9, end), 10) : -1;
    if (status < 100 || status > 999 || start.length() > 12 && start.charAt(12) != ' ') {
      throw new ProtocolException("status line is none");
    }
    return (int) status;
  }

  private static Field field(String line) throws ProtocolException {
    int colon = line.indexOf(':');
    if (colon <= 0 || !isToken(line, colon)) {
      throw new ProtocolException("header line is none");
    }
    String value = line.substring(colon + 1).strip();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f) {
        throw new ProtocolException("control character in a header");
      }
    }
    return new Field(line.substring(0, colon), value);
  }

  static boolean isToken(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letter && TOKEN.indexOf(c) < 0) {
        return false;
      }
    }
    return end > 0;
  }

  /** What a head says of the body behind it, and of the connection. */
  private static final class Framing {
    private final List<String> connection = new ArrayList<>();
    private long length = TO_THE_END;
    private boolean chunked;

    /** Whether a field is of these. */
    boolean takes(Field field) throws ProtocolException {
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "content-length" -> measure(field.value());
        case "transfer-encoding" -> code(field.value());
        case "connection", "keep-alive", "proxy-connection" -> connection.add(field.value());
        default -> {
          return false;
        }
      }
      return true;
    }

    private void measure(String value) throws ProtocolException {
      long said = WireReader.number(value, 10);
      if (said < 0 || length >= 0 && length != said) {
        throw new ProtocolException("Content-Length is none, or there are several");
      }
      length = said;
    }

    private void code(String value) throws ProtocolException {
      if (chunked || !value.equalsIgnoreCase("chunked")) {
        throw new ProtocolException("Transfer-Encoding (expected: chunked, once)");
      }
      chunked = true;
    }

    long length(boolean newest) throws ProtocolException {
      if (chunked && (length >= 0 || !newest)) {
        throw new ProtocolException("Transfer-Encoding beside a Content-Length, or in HTTP/1.0");
      }
      return chunked ? CHUNKED : length;
    }

    boolean isPersistent(boolean newest) {
      boolean persistent = newest;
      for (String value : connection) {
        persistent &= !value.toLowerCase(Locale.ROOT).contains("close");
      }
      return persistent;
    }
  }
}
