package io.meshclient.cli.identity;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** One gRPC call at the server: reads and writes messages, and blocks meanwhile. */
final class GrpcExchange {
  private static final int MAX_MESSAGE = 1 << 20;
  private static final int PREFIX = 5;

  private final Request request;
  private final Response response;
  private final InputStream in;

  GrpcExchange(Request request, Response response) {
    this.request = request;
    this.response = response;
    this.in = Content.Source.asInputStream(request);
  }

  /** Metadata of the call; {@code null} if it is not there. */
  @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** The client's next message; {@code null} after the last. */
  byte @Nullable [] read() throws IOException, GrpcFault {
    int compressed = in.read();
    if (compressed < 0) {
      return null;
    }
    int length = new DataInputStream(in).readInt();
    if (compressed != 0 || length < 0 || length > MAX_MESSAGE) {
      throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "a compressed or too long message");
    }
    byte[] message = new byte[length];
    try {
      new DataInputStream(in).readFully(message);
    } catch (EOFException e) {
      throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "ends within a message");
    }
    return message;
  }

  void write(byte[] message) throws IOException {
    ByteBuffer frame =
        ByteBuffer.allocate(PREFIX + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .flip();
    writeRaw(frame);
  }

  /** Writes what need not be a frame. */
  void writeRaw(ByteBuffer octets) throws IOException {
    write(false, octets);
  }

  /**
   * Sends the trailers, then reads what is left of the request. A request that is not yet there as
   * a whole when its answer ends would cost the client that answer: Jetty makes it a 500, or resets
   * the stream.
   */
  void end() throws IOException {
    write(true, BufferUtil.EMPTY_BUFFER);
    in.transferTo(OutputStream.nullOutputStream());
  }

  private void write(boolean last, ByteBuffer octets) throws IOException {
    try (Blocker.Callback written = Blocker.callback()) {
      response.write(last, octets, written);
      written.block();
    }
  }

  /** Runs that when the client goes away in the middle of the call. */
  void onGone(Runnable action) {
    request.addFailureListener(failure -> action.run());
  }
}
