package io.meshclient.cli.proxy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * A client's request body, passed on as it comes.
 *
 * @param bytes {@code null} for none
 * @param length negative where only its end tells
 */
record InboundBody(@Nullable InputStream bytes, long length) {
  private static final InboundBody NONE = new InboundBody(null, 0);

  static InboundBody of(Request request) {
    long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (length < 0 && InboundExchange.isNewest(request)) {
      return ofHttp2(request);
    }
    return chunked || length >= 0
        ? new InboundBody(Content.Source.asInputStream(request), chunked ? -1 : length)
        : NONE;
  }

  /** Nothing but its end tells whether there is one. */
  private static InboundBody ofHttp2(Request request) {
    Content.Chunk first = request.read();
    if (first == null) {
      return new InboundBody(Content.Source.asInputStream(request), -1);
    }
    if (first.isLast() && !first.hasRemaining()) {
      first.release();
      return NONE;
    }
    byte[] bytes = BufferUtil.toArray(first.getByteBuffer());
    boolean last = first.isLast();
    first.release();
    InputStream begin = new ByteArrayInputStream(bytes);
    return new InboundBody(
        last ? begin : new SequenceInputStream(begin, Content.Source.asInputStream(request)), -1);
  }
}
