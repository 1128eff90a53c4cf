package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.istio.IstioAccessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogFormatTest {
  private static final FakeFacts FACTS =
      FakeFacts.get("/api/orders?token=abc&page=2", 503)
          .withRequestHeader("user-agent", "test \"1\"")
          .withFlags("UF");

  @Test
  void text_ofIstio() {
    assertThat(AccessLogFormat.text(IstioAccessLog.TEXT, false).line(FACTS))
        .isEqualTo(
            "[2023-11-14T22:13:20.123Z] \"GET /api/orders?token=REDACTED&page=2 HTTP/1.1\""
                + " 503 UF via_upstream - \"-\" 3 42 12 - \"-\" \"test \\\"1\\\"\" \"-\""
                + " \"orders:8080\" \"10.0.0.7:8080\""
                + " outbound|8080|v2|orders.production.svc.cluster.local - - - - canary\n");
  }

  @Test
  void json_ofIstio() {
    assertThat(AccessLogFormat.istioJson(true).line(FACTS))
        .isEqualTo(
            "{\"start_time\":\"2023-11-14T22:13:20.123Z\",\"route_name\":\"canary\","
                + "\"method\":\"GET\",\"path\":\"/api/orders?token=REDACTED&page=2\","
                + "\"protocol\":\"HTTP/1.1\",\"response_code\":503,\"response_flags\":\"UF\","
                + "\"response_code_details\":\"via_upstream\",\"bytes_received\":3,"
                + "\"bytes_sent\":42,\"duration\":12,\"user_agent\":\"test \\\"1\\\"\","
                + "\"authority\":\"orders:8080\",\"upstream_host\":\"10.0.0.7:8080\","
                + "\"upstream_cluster\":\"outbound|8080|v2|orders.production.svc.cluster.local\"}\n");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "%RESPONSE_CODE%/%DURATION% | 503/12",
        "%REQ(X-NONE?USER-AGENT):4% | test",
        "%REQ(AUTHORIZATION)% | REDACTED",
        "100%% | 100%",
        "%PROTOCOL%%RESPONSE_FLAGS% | HTTP/1.1UF",
        "%REQ(X-INJECTED)% | a?b",
      })
  void operators(String format, String expected) {
    FakeFacts facts =
        new FakeFacts(
            true,
            "GET",
            "/",
            503,
            "UF",
            java.util.Map.of(
                "user-agent", "test", "authorization", "Bearer abc", "x-injected", "a\nb"),
            java.util.Map.of());
    assertThat(AccessLogFormat.text(format, false).line(facts)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"%NO_SUCH_THING%, %NO_SUCH_THING%", "%REQ(X, a second %"})
  void operator_thatIsNone_isSaid(String format, String expected) {
    assertThatThrownBy(() -> AccessLogFormat.text(format, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void writer_writesInOrder_andDropsWhatComesAfterItsEnd(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("access.log");
    AccessLogWriter writer = new AccessLogWriter();
    for (int i = 0; i < 1000; i++) {
      writer.write(file.toString(), i + "\n");
    }
    writer.close();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1000).startsWith("0", "1").endsWith("999");
    writer.write(file.toString(), "late\n");
    assertThat(writer.dropped()).isEqualTo(1);
  }
}
