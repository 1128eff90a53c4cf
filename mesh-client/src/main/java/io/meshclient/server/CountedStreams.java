package io.meshclient.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Streams of the JDK's server that tell how many bytes pass. */
final class CountedStreams {

  private CountedStreams() {}

  /** Whoever asks the exchange for its streams from now on gets such. */
  static void putInto(HttpExchange exchange, BodyBytes bytes) {
    exchange.setStreams(
        new Input(exchange.getRequestBody(), bytes), new Output(exchange.getResponseBody(), bytes));
  }

  private static final class Input extends FilterInputStream {
    private final BodyBytes bytes;

    Input(InputStream in, BodyBytes bytes) {
      super(in);
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      bytes.read(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      bytes.read(count);
      return count;
    }

    @Override
    public long skip(long wanted) throws IOException {
      long count = super.skip(wanted);
      bytes.read(count);
      return count;
    }

    @Override
    public boolean markSupported() {
      return false; // nothing is to be counted twice
    }
  }

  private static final class Output extends FilterOutputStream {
    private final BodyBytes bytes;

    Output(OutputStream out, BodyBytes bytes) {
      super(out);
      this.bytes = bytes;
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

    /** Without a flush before it, which would send a chunk of its own. */
    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
