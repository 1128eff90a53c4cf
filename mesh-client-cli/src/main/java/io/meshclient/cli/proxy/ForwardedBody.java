package io.meshclient.cli.proxy;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.Okio;
import okio.Source;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A client's request body. Up to 1 MiB, as much as Envoy keeps to send it again, it is read first;
 * a longer one is passed on as it comes, and can be sent once only.
 */
final class ForwardedBody {
  private static final long KEPT_BYTES = 1 << 20;
  private static final int STEP_BYTES = 16 << 10;

  private ForwardedBody() {}

  /** The body; {@code null} where there is none. */
  static @Nullable RequestBody of(Request request, ClientWatch watch) throws IOException {
    long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (!chunked && length <= 0) {
      return null;
    }
    Buffer ahead = new Buffer();
    InputStream in = Content.Source.asInputStream(request);
    boolean whole = (chunked || length <= KEPT_BYTES) && readAhead(in, ahead);
    if (!whole) {
      watch.bodyPending();
      return new Streamed(ahead, in, chunked ? -1 : length, watch);
    }
    ByteString bytes = ahead.readByteString();
    return chunked && bytes.size() == 0 ? null : new Whole(bytes, chunked);
  }

  /** Whether it ends within what is kept. */
  private static boolean readAhead(InputStream in, Buffer ahead) throws IOException {
    Source source = Okio.source(in);
    while (ahead.size() <= KEPT_BYTES) {
      if (source.read(ahead, STEP_BYTES) < 0) {
        return true;
      }
    }
    return false;
  }

  /** All of it: it can be sent any number of times. */
  private static final class Whole extends RequestBody {
    private final ByteString bytes;
    private final boolean chunked;

    Whole(ByteString bytes, boolean chunked) {
      this.bytes = bytes;
      this.chunked = chunked;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return chunked ? -1 : bytes.size();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }

  /** What was read, and then what comes. */
  private static final class Streamed extends RequestBody {
    private final Buffer ahead;
    private final InputStream rest;
    private final long length;
    private final ClientWatch watch;

    Streamed(Buffer ahead, InputStream rest, long length, ClientWatch watch) {
      this.ahead = ahead;
      this.rest = rest;
      this.length = length;
      this.watch = watch;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.writeAll(ahead);
      byte[] step = new byte[STEP_BYTES];
      for (int count = read(step); count >= 0; count = read(step)) {
        sink.write(step, 0, count);
        sink.flush();
      }
      watch.bodyRead();
    }

    private int read(byte[] step) throws IOException {
      try {
        return rest.read(step);
      } catch (IOException e) {
        watch.bodyBroken();
        throw e;
      }
    }
  }
}
