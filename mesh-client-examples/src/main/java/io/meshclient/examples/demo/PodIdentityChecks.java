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
    Seen seen = get(stranger, "order-service.production", "/api/orders");
    boolean refused = seen.status() == 403 && seen.by().isEmpty();
    return result(refused, Integer.toString(seen.status()), seen);
  }

  private Result astray() throws IOException, InterruptedException {
    Seen seen = get(misled, "payment-service", "/process");
    boolean unsent = seen.status() == 503 && seen.by().isEmpty() && seen.body().contains("TLS");
    return result(unsent, unsent ? "not sent" : Integer.toString(seen.status()), seen);
  }

  private static Result result(boolean ok, String observed, Seen seen) {
    return new Result(ok, observed, List.of(seen.body()), Check.SIDECAR);
  }

  /**
   * An answer.
   *
   * @param by the instance of a service that answered; empty for a sidecar
   */
  private record Seen(int status, String by, String body) {}

  private static Seen get(Pod from, String host, String path)
      throws IOException, InterruptedException {
    OkHttpClient http = new OkHttpClient.Builder().readTimeout(ANSWER).callTimeout(ANSWER).build();
    Request request =
        new Request.Builder()
            .url(from.forward(host, Pod.PORT) + path)
            .header("Host", host + ":" + Pod.PORT)
            .build();
    try (Response response = http.newCall(request).execute()) {
      String by = response.header("x-served-by");
      return new Seen(response.code(), by == null ? "" : by, response.body().string());
    }
  }
}
