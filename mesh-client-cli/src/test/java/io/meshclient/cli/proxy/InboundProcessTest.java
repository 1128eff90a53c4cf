package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. */
@Timeout(120)
final class InboundProcessTest {

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void terminated_process_enforces_until_the_end(@TempDir Path directory) throws Exception {
    Path policies = directory.resolve("policies.yaml");
    Files.writeString(policies, TestInbound.deny("\"/admin*\""));
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer service = OutboundProcessTest.server(threads, "served", came, answer);
    Process proxy =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.meshclient.cli.Main",
                    "proxy",
                    "inbound",
                    "--listen",
                    "127.0.0.1:0",
                    "--upstream",
                    "http://127.0.0.1:" + service.getAddress().getPort(),
                    "--config",
                    policies.toString(),
                    "--namespace",
                    "production",
                    "--labels",
                    "app=payment-service"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = proxy.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      assertThat(line).matches("listening on 127\\.0\\.0\\.1:[1-9][0-9]*");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      assertThat(RawClient.exchange(port, "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n").status())
          .isEqualTo(403);
      try (RawClient slow = new RawClient(port)) {
        slow.send("GET /open HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
        proxy.destroy();
        OutboundProcessTest.awaitRefused(port);
        answer.countDown();
        assertThat(slow.answer().body()).isEqualTo("served");
      }
      assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      proxy.destroyForcibly();
      service.stop(0);
      threads.shutdownNow();
    }
  }
}
