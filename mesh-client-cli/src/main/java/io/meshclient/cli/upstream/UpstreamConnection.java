package io.meshclient.cli.upstream;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One connection: one exchange at a time. For one thread, but that any may close it. */
final class UpstreamConnection {
  private static final int STEP_BYTES = 16 << 10;

  private final Socket socket;
  private final InputStream raw;
  private final WireReader in;
  private final OutputStream out;
  private long idleSince;

  UpstreamConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.raw = socket.getInputStream();
    this.in = new WireReader(raw);
    this.out = new BufferedOutputStream(socket.getOutputStream(), STEP_BYTES);
  }

  /**
   * Sends a request, all of it.
   *
   * @throws Unsent before the first byte, where it holds what cannot be written
   * @throws BrokenBody if its body cannot be read
   * @throws IOException if the server does not take it
   */
  void send(Outgoing request, String host) throws IOException {
    out.write(WireReader.bytes(head(request, host)));
    InputStream body = request.body();
    if (body != null && request.length() != 0) {
      send(body, request.length());
    }
    out.flush();
  }

  private static String head(Outgoing request, String host) throws Unsent {
    boolean chunked = request.body() != null && request.length() < 0;
    StringBuilder head = new StringBuilder(512);
    if (!AnswerHead.isToken(request.method(), request.method().length())) {
      throw new Unsent("method is none");
    }
    head.append(request.method()).append(' ').append(checked(request.target(), '!', '~'));
    head.append(" HTTP/1.1\r\n");
    boolean named = false;
    for (Field field : request.fields()) {
      if (!AnswerHead.isToken(field.name(), field.name().length())) {
        throw new Unsent("header name is none");
      }
      named |= field.is("host");
      head.append(field.name()).append(": ").append(checked(field.value(), ' ', '\u00ff'));
      head.append("\r\n");
    }
    if (!named) {
      head.append("Host: ").append(checked(host, '!', '~')).append("\r\n");
    }
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (request.body() != null) {
      head.append("Content-Length: ").append(request.length()).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** What ends a line here would begin another one there. */
  private static String checked(String text, char from, char to) throws Unsent {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < from || c > to || c == 0x7f) && (c != '\t' || from > ' ')) {
        throw new Unsent("control or other odd character in the head");
      }
    }
    return text;
  }

  private void send(InputStream body, long length) throws IOException {
    byte[] step = new byte[STEP_BYTES];
    long sent = 0;
    for (int count = read(body, step); count >= 0; count = read(body, step)) {
      sent += count;
      if (length < 0) {
        out.write(WireReader.bytes(Integer.toHexString(count) + "\r\n"));
      } else if (sent > length) {
        throw new BrokenBody("longer than it said: " + length);
      }
      out.write(step, 0, count);
      if (length < 0) {
        out.write(WireReader.bytes("\r\n"));
      }
      out.flush();
    }
    if (length < 0) {
      out.write(WireReader.bytes("0\r\n\r\n"));
    } else if (sent < length) {
      throw new BrokenBody("shorter than it said: " + sent + " (expected: " + length + ")");
    }
  }

  private static int read(InputStream body, byte[] step) throws BrokenBody {
    try {
      return body.read(step);
    } catch (IOException e) {
      throw new BrokenBody("body broke off", e);
    }
  }

  /** The head of the answer; those before it that only say to wait are passed over. */
  AnswerHead head(Outgoing request) throws IOException {
    AnswerHead head = AnswerHead.read(in, request.method());
    while (head.status() < 200 && !head.upgrades()) {
      head = AnswerHead.read(in, request.method());
    }
    if (head.upgrades() && !request.mayUpgrade()) {
      throw new ProtocolException("101 (expected: no other protocol, none was asked for)");
    }
    return head;
  }

  AnswerBody body(AnswerHead head) {
    return new AnswerBody(in, head.upgrades() ? AnswerHead.TO_THE_END : head.length());
  }

  /** Where the other protocol's bytes go; they leave when it is flushed. */
  OutputStream output() {
    return out;
  }

  /** Whether the last answer ended where it said, and nothing came behind it. */
  boolean isClean() {
    return in.isDrained();
  }

  /** It lies idle from now on. */
  void rest(long now) {
    idleSince = now;
  }

  long idleSince() {
    return idleSince;
  }

  /** Whether the server has left it open and said nothing unasked. It waits a millisecond. */
  boolean isQuiet() {
    try {
      socket.setSoTimeout(1);
      try {
        raw.read();
        return false;
      } catch (SocketTimeoutException e) {
        socket.setSoTimeout(0);
        return true;
      }
    } catch (IOException e) {
      return false;
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      return; // it is gone all the same
    }
  }
}
