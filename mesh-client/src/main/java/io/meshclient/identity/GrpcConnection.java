package io.meshclient.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * Makes gRPC calls to one endpoint of this machine, over HTTP/2 without TLS. This and {@link
 * GrpcCall} are the two classes here that know OkHttp.
 */
final class GrpcConnection implements AutoCloseable {
  private static final MediaType GRPC = MediaType.get("application/grpc");
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final GrpcEndpoint endpoint;
  private final Headers metadata;
  private final OkHttpClient client;

  /**
   * @param metadata sent with each call: names and values in turn
   */
  GrpcConnection(GrpcEndpoint endpoint, String... metadata) {
    this.endpoint = endpoint;
    this.metadata = Headers.of(metadata);
    this.client =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
            .socketFactory(new EndpointSockets(endpoint.address()))
            .dns(host -> List.of(InetAddress.getLoopbackAddress()))
            .proxy(Proxy.NO_PROXY)
            .connectionPool(new ConnectionPool(1, 1, TimeUnit.MINUTES))
            .connectTimeout(CONNECT)
            // A stream is silent for as long as nothing changes.
            .readTimeout(Duration.ZERO)
            .writeTimeout(CONNECT)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .build();
  }

  /** A call with one request, whose answers come for as long as the server has some. */
  GrpcCall stream(String method, byte[] request) {
    return new GrpcCall(endpoint, call(method, RequestBody.create(GrpcCall.frame(request), GRPC)));
  }

  /**
   * A call with one request and one answer, or a stream's first one.
   *
   * @throws IdentityException if there is none, or none in that time
   */
  byte[] unary(String method, byte[] request, Duration atMost) throws IdentityException {
    Call call = call(method, RequestBody.create(GrpcCall.frame(request), GRPC));
    call.timeout().timeout(atMost.toNanos(), TimeUnit.NANOSECONDS);
    try (GrpcCall grpc = new GrpcCall(endpoint, call)) {
      byte[] answer = grpc.next();
      if (answer == null) {
        throw new IdentityException(endpoint + " " + method + ": no answer");
      }
      return answer;
    }
  }

  /** A call whose requests are sent one after the other; the first is sent with the call. */
  GrpcCall duplex(String method, byte[] firstRequest) {
    GrpcCall.Requests requests = new GrpcCall.Requests();
    RequestBody body =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return GRPC;
          }

          @Override
          public boolean isDuplex() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            requests.open(sink);
            requests.send(firstRequest);
          }
        };
    return new GrpcCall(endpoint, call(method, body), requests);
  }

  private Call call(String method, RequestBody body) {
    return client.newCall(
        new Request.Builder()
            .url("http://localhost" + method)
            .headers(metadata)
            .header("te", "trailers")
            // OkHttp would offer gzip for the whole body, which gRPC does not know.
            .header("accept-encoding", "identity")
            .post(body)
            .build());
  }

  /** Breaks all calls off. */
  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }
}
