package io.meshclient;

import java.io.IOException;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.ForwardingSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** Copies of requests' bodies: the application's own need not bear two threads at once. */
final class BodyCopy {
  private BodyCopy() {}

  /** A body of its own; {@code null} of one that is sent once, is too large, or fails. */
  static @Nullable RequestBody of(RequestBody body) {
    try {
      if (!RetryDecision.isReplayable(body)) {
        return null;
      }
      Buffer copy = new Buffer();
      okio.BufferedSink sink = Okio.buffer(new Limited(copy));
      body.writeTo(sink);
      sink.flush();
      return RequestBody.create(copy.readByteString(), body.contentType());
    } catch (IOException | RuntimeException e) {
      // The request itself will meet it too, and tell.
      return null;
    }
  }

  /** Takes no more than what may be replayed. */
  private static final class Limited extends ForwardingSink {
    private final Buffer buffer;

    Limited(Buffer buffer) {
      super(buffer);
      this.buffer = buffer;
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
      if (buffer.size() + byteCount > RetryDecision.MOST_BODY_BYTES) {
        throw new IOException("too large to be copied");
      }
      super.write(source, byteCount);
    }
  }
}
