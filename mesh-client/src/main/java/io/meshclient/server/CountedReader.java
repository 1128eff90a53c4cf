package io.meshclient.server;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.CharBuffer;
import java.nio.charset.Charset;

/** A servlet's way to read a request's body as text, which tells of how many bytes it was made. */
final class CountedReader extends FilterReader {
  private final BodyBytes bytes;
  private final Charset charset;

  /**
   * @param charset that {@code in} reads
   */
  CountedReader(Reader in, BodyBytes bytes, Charset charset) {
    super(in);
    this.bytes = bytes;
    this.charset = charset;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    if (next >= 0) {
      bytes.read(EncodedLength.of(String.valueOf((char) next), charset));
    }
    return next;
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    if (count > 0) {
      bytes.read(EncodedLength.of(CharBuffer.wrap(into, offset, count), charset));
    }
    return count;
  }
}
