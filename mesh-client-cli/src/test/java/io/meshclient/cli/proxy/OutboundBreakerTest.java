package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.resilience.BreakerSettings;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutboundBreakerTest {
  private static final String FAILED =
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";

  @Test
  void open_circuit_is_answered_with_503_and_when_to_come_back() throws IOException {
    try (RawServer server = new RawServer((request, out) -> out.write(Wire.bytes(FAILED)));
        TestProxy proxy =
            new TestProxy(
                mesh ->
                    TestProxy.guide(mesh)
                        .circuitBreaker(BreakerSettings.consecutive(1))
                        .endpoint("order-service", "v1", "127.0.0.1:" + server.port())
                        .draws(() -> 0))) {
      assertThat(proxy.get("/").status()).isEqualTo(500);
      int before = server.received().size();

      RawClient.Answer answer = proxy.get("/");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body())
          .startsWith("order-service.production.svc.cluster.local/v1: circuit open since ")
          .contains("last failure: HTTP 500");
      assertThat(Integer.parseInt(answer.value("retry-after"))).isBetween(1, 70);
      assertThat(server.received()).hasSize(before);
    }
  }
}
