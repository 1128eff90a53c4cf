package io.meshclient.examples.demo;

import io.meshclient.examples.demo.Check.Result;
import io.meshclient.examples.pods.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Who may call whom, where sidecars see to it: the same as {@link IdentityChecks}, by callers who
 * know nothing of identities.
 */
final class PodIdentityChecks {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** Where an Envoy tells of itself, within its pod. */
  private static final int ADMIN = 15000;

  private final OkHttpClient http =
      new OkHttpClient.Builder().readTimeout(ANSWER).callTimeout(ANSWER).build();
  private final Pod stranger;
  private final Pod misled;

  /**
   * @param stranger of another namespace
   * @param misled whose sidecar takes order-service's pod for payment-service's
   */
  PodIdentityChecks(Pod stranger, Pod misled) {
    this.stranger = stranger;
    this.misled = misled;
  }

  List<Check> all() {
    return List.of(
        new Check(
            IdentityChecks.STRANGER, IdentityChecks.STRANGER_EXPECTED, progress -> stranger()),
        new Check(IdentityChecks.ASTRAY, IdentityChecks.ASTRAY_EXPECTED, progress -> astray()));
  }

  private Result stranger() throws IOException, InterruptedException {
    Seen seen = get(stranger, "order-service.production", Pod.PORT, "/api/orders");
    return new Result(
        seen.status() == 403 && seen.by().isEmpty(),
        Integer.toString(seen.status()),
        List.of(seen.body()),
        Check.SIDECAR);
  }

  /** That it was the certificate, the sidecar tells by a count of its own. */
  private Result astray() throws IOException, InterruptedException {
    Seen seen = get(misled, "payment-service", Pod.PORT, "/process");
    List<String> counts =
        get(misled, "localhost", ADMIN, "/stats?filter=ssl.fail_verify_san")
            .body()
            .lines()
            .filter(line -> line.contains("payment-service") && !line.endsWith(": 0"))
            .toList();
    boolean unsent = seen.status() == 503 && seen.by().isEmpty() && !counts.isEmpty();
    return new Result(
        unsent, unsent ? "not sent" : Integer.toString(seen.status()), counts, Check.SIDECAR);
  }

  /**
   * An answer.
   *
   * @param by the instance of a service that answered; empty for a sidecar
   */
  private record Seen(int status, String by, String body) {}

  private Seen get(Pod from, String host, int port, String path)
      throws IOException, InterruptedException {
    Request request =
        new Request.Builder()
            .url(from.forward(host, port) + path)
            .header("Host", host + ":" + port)
            .build();
    try (Response response = http.newCall(request).execute()) {
      String by = response.header("x-served-by");
      return new Seen(response.code(), by == null ? "" : by, response.body().string());
    }
  }
}
