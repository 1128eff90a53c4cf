package io.meshclient.server;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** A servlet's way to read a request's body, which tells how many bytes pass. */
final class CountedInput extends ServletInputStream {
  private final ServletInputStream in;
  private final BodyBytes bytes;

  CountedInput(ServletInputStream in, BodyBytes bytes) {
    this.in = in;
    this.bytes = bytes;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    bytes.read(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    bytes.read(count);
    return count;
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public boolean isFinished() {
    return in.isFinished();
  }

  @Override
  public boolean isReady() {
    return in.isReady();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    in.setReadListener(listener);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
