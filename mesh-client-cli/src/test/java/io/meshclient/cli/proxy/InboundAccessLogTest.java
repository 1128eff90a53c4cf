package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.upstream.Upstream;
import io.meshclient.istio.ConfigSource;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the inbound proxy's access log says of what passed. */
@Timeout(60)
final class InboundAccessLogTest {
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Own: own\r\n\r\n"
          + "6\r\nserved\r\n4\r\nmore\r\n0\r\n\r\n";

  @TempDir Path directory;

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "GET, /open, HTTP/1.1 200 0 10 own",
    "POST, /open, HTTP/1.1 200 8 10 own",
    "HEAD, /open, HTTP/1.1 200 0 0 own",
    "GET, /secret, HTTP/1.1 403 0 19 -",
  })
  void log_has_the_bytes_that_passed(String method, String path, String expected) throws Exception {
    String body =
        method.equals("POST")
            ? "Transfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n5\r\ny too\r\n0\r\n\r\n"
            : "\r\n";
    String format = "%PROTOCOL% %RESPONSE_CODE% %BYTES_RECEIVED% %BYTES_SENT% %RESP(X-OWN)%";
    try (RawServer service = new RawServer((request, out) -> out.write(Wire.bytes(CHUNKED)))) {
      String request = method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + body;
      assertThat(logged(format, request, service)).isEqualTo(expected);
    }
  }

  @Test
  void log_has_the_request_id_that_was_made() throws Exception {
    try (RawServer service = new RawServer((request, out) -> out.write(Wire.bytes(CHUNKED)))) {
      String line =
          logged(
              "%REQ(X-REQUEST-ID)%",
              "GET /open HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", service);
      assertThat(line).isEqualTo(service.received().get(0).value("x-request-id")).isNotEmpty();
    }
  }

  /** The line of one request; the proxy has ended then. */
  private String logged(String format, String request, RawServer service) throws Exception {
    Path file = directory.resolve("access.log");
    MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .namespace("production")
            .config(ConfigSource.yaml("policies.yaml", TestInbound.deny("\"/secret\"")))
            .meshConfig("accessLogFile: %s\naccessLogFormat: '%s'\n".formatted(file, format))
            .build();
    try (InboundProxy proxy =
            InboundProxy.start(
                mesh,
                new HostPort("127.0.0.1", 0),
                8080,
                Upstream.of(URI.create("http://127.0.0.1:" + service.port())),
                null,
                Duration.ofMinutes(1));
        RawClient client = new RawClient(proxy.address().port())) {
      client.send(request);
      assertThat(client.in().readAllBytes()).isNotEmpty();
    }
    return Files.readString(file).strip();
  }
}
