package io.meshclient;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** An answer's body that tells when it is over: read to its end, broken off, or closed. */
final class LeasedBody extends ResponseBody {

  /** Hears, once, that the body is over. */
  interface Listener {
    /** With what broke it off; {@code null} if it was read to its end, or closed. */
    void over(@Nullable IOException broken);

    /** So many bytes were read. */
    default void read(long bytes) {}
  }

  private final ResponseBody body;
  private final BufferedSource source;

  private LeasedBody(ResponseBody body, Listener listener) {
    this.body = body;
    this.source = Okio.buffer(new Watched(body.source(), listener));
  }

  /** The answer, with a body that tells; one without a body is over at once. */
  static Response watch(Response response, Listener listener) {
    if (isEmpty(response)) {
      listener.over(null);
      return response;
    }
    return response.newBuilder().body(new LeasedBody(response.body(), listener)).build();
  }

  private static boolean isEmpty(Response response) {
    int code = response.code();
    return response.request().method().equals("HEAD")
        || code == 101
        || code == 204
        || code == 304
        || response.body().contentLength() == 0;
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public BufferedSource source() {
    return source;
  }

  private static final class Watched extends ForwardingSource {
    private final Listener listener;
    private final AtomicBoolean told = new AtomicBoolean();

    Watched(BufferedSource source, Listener listener) {
      super(source);
      this.listener = listener;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      try {
        long read = super.read(sink, byteCount);
        if (read == -1) {
          over(null);
        } else {
          listener.read(read);
        }
        return read;
      } catch (InterruptedIOException e) {
        over(null);
        throw e;
      } catch (IOException e) {
        over(e);
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        over(null);
      }
    }

    private void over(@Nullable IOException broken) {
      if (told.compareAndSet(false, true)) {
        listener.over(broken);
      }
    }
  }
}
