package io.meshclient.cli.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** The body behind a head, up to its end and not a byte further. For one thread. */
final class AnswerBody extends InputStream {
  private static final int MOST_LINE_BYTES = 16 << 10;

  private final WireReader in;
  private final long framing;
  private long left;
  private boolean begun;
  private boolean ended;

  AnswerBody(WireReader in, long framing) {
    this.in = in;
    this.framing = framing;
    this.left = framing == AnswerHead.TO_THE_END ? Long.MAX_VALUE : Math.max(0, framing);
    this.ended = framing == 0;
  }

  /** Whether it was read to its end. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (framing == AnswerHead.CHUNKED && left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(to, offset, (int) Math.min(length, left));
    if (count < 0) {
      if (framing != AnswerHead.TO_THE_END) {
        throw new EOFException("connection ended within the body");
      }
      ended = true;
      return -1;
    }
    if (framing != AnswerHead.TO_THE_END) {
      left -= count;
      ended = left == 0 && framing != AnswerHead.CHUNKED;
    }
    return count;
  }

  private void nextChunk() throws IOException {
    in.allow(MOST_LINE_BYTES);
    if (begun && !in.line().isEmpty()) {
      throw new ProtocolException("chunk is longer than it says");
    }
    begun = true;
    String line = in.line();
    int extension = line.indexOf(';');
    left = WireReader.number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
    if (left < 0) {
      throw new ProtocolException("chunk without a length");
    }
    if (left == 0) {
      while (!in.line().isEmpty()) {
        // Trailers are dropped, as Envoy does unless told to pass them on.
      }
      ended = true;
    }
  }
}
