package io.meshclient.cli.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSource;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/** Passes an answer on as it comes: each piece of its body is sent when it is there. */
final class ForwardedAnswer {
  private static final int STEP_BYTES = 16 << 10;

  private ForwardedAnswer() {}

  /**
   * Copies an answer.
   *
   * @throws IOException if it breaks off, or the client does
   */
  static void copy(Response answer, Request request, org.eclipse.jetty.server.Response to)
      throws IOException {
    to.setStatus(answer.code());
    copyHeaders(answer.headers(), to.getHeaders());
    if (hasNoBody(answer, request)) {
      write(to, false, BufferUtil.EMPTY_BUFFER); // or Jetty would say that the length is 0
      write(to, true, BufferUtil.EMPTY_BUFFER);
      return;
    }
    if (answer.body().contentLength() == 0) {
      write(to, true, BufferUtil.EMPTY_BUFFER);
      return;
    }
    if (answer.body().contentLength() > 0) {
      to.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().contentLength());
    } else if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
      // Also where the connection ends with the answer: else breaking off would look like the end.
      to.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
    }
    copyBody(answer, to);
  }

  private static void copyBody(Response answer, org.eclipse.jetty.server.Response to)
      throws IOException {
    write(to, false, BufferUtil.EMPTY_BUFFER); // the head must not wait for the body
    BufferedSource body = answer.body().source();
    byte[] step = new byte[STEP_BYTES];
    for (int count = body.read(step); count >= 0; count = body.read(step)) {
      write(to, false, ByteBuffer.wrap(step, 0, count));
    }
    write(to, true, BufferUtil.EMPTY_BUFFER);
  }

  private static void copyHeaders(Headers from, HttpFields.Mutable to) {
    HopByHop hopByHop = HopByHop.of(from.values("Connection"));
    for (int i = 0; i < from.size(); i++) {
      String name = from.name(i);
      if (!hopByHop.includes(name)) {
        to.add(field(name, WireText.encode(from.value(i))));
      }
    }
  }

  /** Without its known header a field keeps the spelling of its name. */
  private static HttpField field(String name, String value) {
    return name.equalsIgnoreCase("Content-Length")
        ? new HttpField(HttpHeader.CONTENT_LENGTH, value)
        : new HttpField(null, name, value);
  }

  private static boolean hasNoBody(Response answer, Request request) {
    return request.getMethod().equals("HEAD") || answer.code() == 204 || answer.code() == 304;
  }

  private static void write(org.eclipse.jetty.server.Response to, boolean last, ByteBuffer bytes)
      throws IOException {
    Content.Sink.write(to, last, bytes);
  }
}
