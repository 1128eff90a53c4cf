package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The command as a process of its own. */
@Timeout(120)
final class OutboundProcessTest {

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void terminated_process_ends_what_is_under_way_and_stops() throws Exception {
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer v1 = server(threads, "v1", came, answer);
    HttpServer v2 = server(threads, "v2", new CountDownLatch(1), new CountDownLatch(0));
    Process proxy = start(v1.getAddress().getPort(), v2.getAddress().getPort());
    try (BufferedReader out = proxy.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      assertThat(line).matches("listening on 127\\.0\\.0\\.1:[1-9][0-9]*");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      assertThat(RawClient.exchange(port, TestProxy.request("GET", "/", "x-canary: true")).body())
          .isEqualTo("v2");

      try (RawClient slow = new RawClient(port)) {
        slow.send(TestProxy.request("GET", "/", "x-user-id: 1"));
        assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
        proxy.destroy();
        awaitRefused(port);
        answer.countDown();
        assertThat(slow.answer().body()).isEqualTo("v1");
      }
      assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      proxy.destroyForcibly();
      v1.stop(0);
      v2.stop(0);
      threads.shutdownNow();
    }
  }

  private static Process start(int v1, int v2) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.meshclient.cli.Main",
                "proxy",
                "outbound",
                "--listen",
                "127.0.0.1:0",
                "--mode=none",
                "--config",
                "src/test/resources/only-v1.yaml",
                "--namespace",
                "production",
                "--labels",
                "app=web,version=v1",
                "--endpoint",
                "order-service/v1=127.0.0.1:" + v1,
                "--endpoint",
                "order-service/v2=127.0.0.1:" + v2))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static HttpServer server(
      ExecutorService threads, String words, CountDownLatch came, CountDownLatch answer)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          came.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(200, words.length());
          try (exchange) {
            exchange.getResponseBody().write(words.getBytes(StandardCharsets.UTF_8));
          }
        });
    server.start();
    return server;
  }

  /** It has begun to stop when it takes no connection any more. */
  static void awaitRefused(int port) {
    while (true) {
      try {
        new RawClient(port).close();
        Thread.onSpinWait();
      } catch (IOException e) {
        return;
      }
    }
  }
}
