package io.meshclient.cli.proxy;

import io.meshclient.cli.upstream.Answer;
import io.meshclient.cli.upstream.Field;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import okhttp3.Response;
import org.eclipse.jetty.http.HttpField;
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
    HopByHop hopByHop = HopByHop.of(answer.headers().values("Connection"));
    for (int i = 0; i < answer.headers().size(); i++) {
      String name = answer.headers().name(i);
      if (!hopByHop.includes(name)) {
        to.getHeaders().add(field(name, WireText.encode(answer.headers().value(i))));
      }
    }
    copyBody(answer.body().contentLength(), answer.body().byteStream(), request, to);
  }

  /**
   * Copies an answer of the service behind an inbound proxy.
   *
   * @throws IOException as above
   */
  static void copy(Answer answer, Request request, org.eclipse.jetty.server.Response to)
      throws IOException {
    to.setStatus(answer.status());
    HopByHop hopByHop = HopByHop.of(answer.connection());
    for (Field field : answer.fields()) {
      if (!hopByHop.includes(field.name())) {
        to.getHeaders().add(field(field.name(), field.value()));
      }
    }
    copyBody(answer.length(), answer.body(), request, to);
  }

  private static void copyBody(
      long length, InputStream body, Request request, org.eclipse.jetty.server.Response to)
      throws IOException {
    if (hasNoBody(request, to.getStatus())) {
      write(to, false, BufferUtil.EMPTY_BUFFER); // or Jetty would say that the length is 0
      write(to, true, BufferUtil.EMPTY_BUFFER);
      return;
    }
    if (length == 0) {
      write(to, true, BufferUtil.EMPTY_BUFFER);
      return;
    }
    if (length > 0) {
      to.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    } else if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
      // Also where the connection ends with the answer: else breaking off would look like the end.
      to.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
    }
    write(to, false, BufferUtil.EMPTY_BUFFER); // the head must not wait for the body
    byte[] step = new byte[STEP_BYTES];
    for (int count = body.read(step); count >= 0; count = body.read(step)) {
      write(to, false, ByteBuffer.wrap(step, 0, count));
    }
    write(to, true, BufferUtil.EMPTY_BUFFER);
  }

  /** Without its known header a field keeps the spelling of its name. */
  private static HttpField field(String name, String value) {
    return name.equalsIgnoreCase("Content-Length")
        ? new HttpField(HttpHeader.CONTENT_LENGTH, value)
        : new HttpField(null, name, value);
  }

  private static boolean hasNoBody(Request request, int status) {
    return request.getMethod().equals("HEAD") || status == 204 || status == 304;
  }

  private static void write(org.eclipse.jetty.server.Response to, boolean last, ByteBuffer bytes)
      throws IOException {
    Content.Sink.write(to, last, bytes);
  }
}
