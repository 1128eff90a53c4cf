package io.meshclient.server;

import java.io.PrintWriter;
import java.nio.CharBuffer;
import java.nio.charset.Charset;

/** A servlet's way to write text of an answer, which tells how many bytes it becomes. */
final class CountedWriter extends PrintWriter {
  private final PrintWriter theirs;
  private final BodyBytes bytes;
  private final Charset charset;

  /**
   * @param charset that {@code theirs} writes in
   */
  CountedWriter(PrintWriter theirs, BodyBytes bytes, Charset charset) {
    super(theirs); // which checkError asks
    this.theirs = theirs;
    this.bytes = bytes;
    this.charset = charset;
  }

  @Override
  public void write(int c) {
    theirs.write(c);
    bytes.written(EncodedLength.of(String.valueOf((char) c), charset));
  }

  @Override
  public void write(char[] from, int offset, int length) {
    theirs.write(from, offset, length);
    bytes.written(EncodedLength.of(CharBuffer.wrap(from, offset, length), charset));
  }

  @Override
  public void write(String from, int offset, int length) {
    theirs.write(from, offset, length);
    bytes.written(EncodedLength.of(CharBuffer.wrap(from, offset, offset + length), charset));
  }

  /** Containers end lines as they like; most do as the system. */
  @Override
  public void println() {
    theirs.println();
    bytes.written(System.lineSeparator().length());
  }
}
