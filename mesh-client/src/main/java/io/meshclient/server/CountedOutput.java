package io.meshclient.server;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.Charset;

/** A servlet's way to write bytes of an answer, which tells how many pass. */
final class CountedOutput extends ServletOutputStream {
  private final ServletOutputStream out;
  private final BodyBytes bytes;
  private final Charset charset;

  /**
   * @param charset what the container may write text in
   */
  CountedOutput(ServletOutputStream out, BodyBytes bytes, Charset charset) {
    this.out = out;
    this.bytes = bytes;
    this.charset = charset;
  }

  @Override
  public void write(int next) throws IOException {
    out.write(next);
    bytes.written(1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    out.write(from, offset, length);
    bytes.written(length);
  }

  /** All others that print end here. How text becomes bytes is the container's to say. */
  @Override
  public void print(String text) throws IOException {
    out.print(text);
    bytes.written(EncodedLength.of(String.valueOf(text), charset));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  @Override
  public boolean isReady() {
    return out.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    out.setWriteListener(listener);
  }
}
