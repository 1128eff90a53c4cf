package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.context.MeshContext;
import io.opentelemetry.context.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that stay open: WebSockets and server-sent events. */
@Timeout(60)
class UpgradeTest {
  private final CompletableFuture<String> head = new CompletableFuture<>();
  private final CountDownLatch firstEventRead = new CountDownLatch(1);
  private ServerSocket server;
  private MeshClient mesh;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    mesh =
        MeshClient.builder()
            .environment(Map.of())
            .namespace("production")
            .endpoint("chat", "localhost:" + server.getLocalPort())
            .build();
  }

  @AfterEach
  void stop() throws IOException {
    mesh.close();
    server.close();
  }

  @Test
  void webSocket_isRoutedAndSpeaks() throws Exception {
    serve(this::echo);
    CompletableFuture<String> message = new CompletableFuture<>();
    Request request;
    try (Scope scope = MeshContext.empty().with("x-user-id", "7").makeCurrent()) {
      request = MeshClient.withContext(new Request.Builder().url("http://chat:8080/ws").build());
    }
    WebSocket socket =
        mesh.okHttpClient()
            .newWebSocket(
                request,
                new WebSocketListener() {
                  @Override
                  public void onMessage(WebSocket webSocket, String text) {
                    message.complete(text);
                  }

                  @Override
                  public void onFailure(WebSocket webSocket, Throwable t, Response response) {
                    message.completeExceptionally(t);
                  }
                });
    socket.send("hello");
    assertThat(message.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(head.get()).contains("GET /ws HTTP/1.1", "Host: chat:8080", "x-user-id: 7");
    socket.cancel();
  }

  @Test
  void serverSentEvents_arriveOneByOne() throws Exception {
    serve(this::events);
    Request request = new Request.Builder().url("http://chat:8080/events").build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      BufferedSource source = response.body().source();
      assertThat(source.readUtf8LineStrict()).isEqualTo("data: one");
      firstEventRead.countDown();
      assertThat(source.readUtf8LineStrict()).isEmpty();
      assertThat(source.readUtf8LineStrict()).isEqualTo("data: two");
    }
  }

  private interface Handler {
    void handle(InputStream in, OutputStream out) throws Exception;
  }

  private void serve(Handler handler) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                handler.handle(socket.getInputStream(), socket.getOutputStream());
              } catch (Exception e) {
                head.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void echo(InputStream in, OutputStream out) throws Exception {
    String request = readHead(in);
    head.complete(request);
    String key = request.lines().filter(l -> l.startsWith("Sec-WebSocket-Key: ")).findFirst().get();
    String accept = key.substring(19) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    byte[] digest =
        MessageDigest.getInstance("SHA-1").digest(accept.getBytes(StandardCharsets.US_ASCII));
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Base64.getEncoder().encodeToString(digest)
            + "\r\n\r\n";
    out.write(answer.getBytes(StandardCharsets.US_ASCII));
    // A short masked text frame: two bytes, four of mask, the payload.
    int length = in.readNBytes(2)[1] & 0x7f;
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i % 4];
    }
    out.write(new byte[] {(byte) 0x81, (byte) length});
    out.write(payload);
    out.flush();
    in.read();
  }

  private void events(InputStream in, OutputStream out) throws Exception {
    head.complete(readHead(in));
    String start = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n";
    out.write(start.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    if (firstEventRead.await(30, TimeUnit.SECONDS)) {
      out.write("data: two\n\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
    for (String line = reader.readLine();
        line != null && !line.isEmpty();
        line = reader.readLine()) {
      head.append(line).append('\n');
    }
    return head.toString();
  }
}
