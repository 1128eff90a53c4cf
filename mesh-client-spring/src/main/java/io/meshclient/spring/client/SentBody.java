package io.meshclient.spring.client;

import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A body that is written while it is sent. Its type is among the request's headers. */
abstract class SentBody extends RequestBody {
  private final long length;

  /**
   * @param length in bytes; -1 if that is not known
   */
  SentBody(long length) {
    this.length = length;
  }

  @Override
  public final @Nullable MediaType contentType() {
    return null;
  }

  @Override
  public final long contentLength() {
    return length;
  }
}
