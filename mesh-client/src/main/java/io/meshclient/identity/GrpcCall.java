package io.meshclient.identity;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call: messages in frames, and the status in the trailers behind them. Messages are read
 * by one thread; any thread may cancel the call, which ends the reading.
 */
final class GrpcCall implements AutoCloseable {
  /** As gRPC's own clients have it; a message of the Workload API has some kilobytes. */
  private static final int MAX_MESSAGE = 4 << 20;

  private static final int PREFIX = 5;

  private final GrpcEndpoint endpoint;
  private final Call call;
  private final @Nullable Requests requests;
  private @Nullable Response response;

  /** Where the requests of a call go to that has several. */
  static final class Requests {
    private @Nullable BufferedSink sink;

    void open(BufferedSink open) {
      sink = open;
    }

    void send(byte[] message) throws IOException {
      BufferedSink open = sink;
      if (open == null) {
        throw new IOException("not connected");
      }
      open.write(frame(message)).flush();
    }
  }

  GrpcCall(GrpcEndpoint endpoint, Call call) {
    this(endpoint, call, null);
  }

  GrpcCall(GrpcEndpoint endpoint, Call call, @Nullable Requests requests) {
    this.endpoint = endpoint;
    this.call = call;
    this.requests = requests;
  }

  /** A message with its prefix: not compressed, its length. */
  static byte[] frame(byte[] message) {
    return ByteBuffer.allocate(PREFIX + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /**
   * Sends the call if it was not sent yet, and waits for the next message.
   *
   * @return {@code null} at the end, if the status is OK
   * @throws GrpcStatusException at the end, if it is another
   * @throws IdentityException if the endpoint cannot be reached, breaks off, or does not speak gRPC
   */
  byte @Nullable [] next() throws IdentityException {
    try {
      Response answer = response();
      BufferedSource body = answer.body().source();
      if (body.exhausted()) {
        checkStatus(answer);
        return null;
      }
      if (body.readByte() != 0) {
        throw new IdentityException(where() + ": a compressed message (expected: none)");
      }
      int length = body.readInt();
      if (length < 0 || length > MAX_MESSAGE) {
        throw new IdentityException(
            where()
                + ": a message of "
                + Integer.toUnsignedString(length)
                + " bytes (expected: at most "
                + MAX_MESSAGE
                + ")");
      }
      return body.readByteArray(length);
    } catch (IdentityException e) {
      throw e;
    } catch (EOFException e) {
      throw new IdentityException(where() + ": ends within a message", e);
    } catch (IOException | RuntimeException e) {
      // A server that does not speak HTTP/2 brings about exceptions of several kinds.
      throw new IdentityException(where() + ": " + Quoted.messageOf(e), e);
    }
  }

  /** Sends a further request. */
  void send(byte[] message) throws IdentityException {
    if (requests == null) {
      throw new IllegalStateException("a call of one request");
    }
    try {
      requests.send(message);
    } catch (IOException e) {
      throw new IdentityException(where() + ": " + Quoted.messageOf(e), e);
    }
  }

  private Response response() throws IOException {
    Response known = response;
    if (known != null) {
      return known;
    }
    Response answer = call.execute();
    response = answer;
    String type = answer.header("content-type", "");
    if (answer.code() != 200
        || type == null
        || !type.toLowerCase(Locale.ROOT).startsWith("application/grpc")) {
      throw new IdentityException(
          where()
              + ": HTTP "
              + answer.code()
              + " "
              + Quoted.of(type == null ? "" : type)
              + " (expected: 200 application/grpc)");
    }
    return answer;
  }

  /** The status is in the trailers, or in the headers of an answer without messages. */
  private void checkStatus(Response answer) throws IOException {
    Headers trailers = answer.trailers();
    Headers from = trailers.get("grpc-status") == null ? answer.headers() : trailers;
    String status = from.get("grpc-status");
    int code;
    try {
      code = status == null ? -1 : Integer.parseInt(status);
    } catch (NumberFormatException e) {
      code = -1;
    }
    if (code < 0) {
      throw new IdentityException(where() + ": ends without a status");
    }
    if (code > 0) {
      String message = from.get("grpc-message");
      throw new GrpcStatusException(where(), code, message == null ? "" : message);
    }
  }

  private String where() {
    return endpoint + call.request().url().encodedPath();
  }

  /** For any thread: the reading one finds the call broken off. */
  void cancel() {
    call.cancel();
  }

  /** For the thread that reads. */
  @Override
  public void close() {
    call.cancel();
    if (response != null) {
      response.close();
    }
  }
}
