package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.mesh.Ownership;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecisionTest {

  @Test
  void toString_ofAnAnswer_tellsWhereItCameFromAndWhy() {
    assertThat(
            of(
                200,
                "",
                new Decision.Attempt("10.0.0.1:80", 200, "answered", "HTTP/1.1", Duration.ZERO)))
        .hasToString("GET orders/x -> orders [no rule] 200 in 5 ms");
  }

  @Test
  void toString_whereTheLastTryHadNoAnswer_namesItsEndpointAndWhatHappened() {
    Decision decision =
        of(
            503,
            "UF",
            new Decision.Attempt("10.0.0.1:80", 500, "answered", "HTTP/1.1", Duration.ZERO),
            new Decision.Attempt("10.0.0.2:80", 0, "remote connection failure", "", Duration.ZERO));
    assertThat(decision)
        .hasToString(
            "GET orders/x -> orders [no rule] 503 UF (no connection);"
                + " at 10.0.0.2:80: remote connection failure"
                + " after 2 tries in 5 ms");
  }

  @Test
  void attempt_atAClosedPort_tellsWhatTheJdkSaid() throws IOException {
    List<Decision> decisions = new CopyOnWriteArrayList<>();
    String closed;
    try (RefusingPort port = new RefusingPort();
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .endpoint("orders", port.hostPort())
                .onDecision(decisions::add)
                .build()) {
      closed = port.hostPort();
      Request request = new Request.Builder().url("http://orders/x").build();
      try (Response response = mesh.okHttpClient().newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(503);
      }
    }
    assertThat(decisions.get(0).toString())
        .contains(
            "UF (no connection); at " + closed + ": remote connection failure: Connection refused");
  }

  private static Decision of(int status, String flags, Decision.Attempt... attempts) {
    return new Decision(
        "GET",
        "orders",
        "/x",
        "orders",
        null,
        "",
        "outbound|80||orders",
        "orders",
        "",
        Double.NaN,
        List.of(attempts),
        status,
        flags,
        null,
        Duration.ofMillis(5),
        Ownership.LIBRARY,
        null,
        null);
  }
}
