package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to hosts that nothing is known of. */
@Timeout(60)
class PassthroughTest {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final Semaphore closed = new Semaphore(0);
  private final AtomicLong now = new AtomicLong();

  @Test
  void connection_thatTheServerClosedWhileItLayIdle_isReplaced() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        MeshClient mesh = MeshClient.builder().environment(Map.of()).clock(now::get).build()) {
      Thread serving = new Thread(() -> answerAndClose(server), "server");
      serving.setDaemon(true);
      serving.start();
      Request request =
          new Request.Builder()
              .url("http://localhost:" + server.getLocalPort() + "/")
              .post(RequestBody.create("{}", null))
              .build();
      for (int i = 0; i < 5; i++) {
        try (Response response = mesh.okHttpClient().newCall(request).execute()) {
          assertThat(response.body().string()).isEqualTo("ok");
        }
        assertThat(closed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  private void answerAndClose(ServerSocket server) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          InputStream in = socket.getInputStream();
          String seen = "";
          while (!seen.endsWith("{}")) {
            seen += (char) in.read();
          }
          socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
        }
        closed.release();
      }
    } catch (IOException e) {
      // the test is over
    }
  }
}
