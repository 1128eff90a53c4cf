package io.meshclient;

import io.meshclient.policy.RetryPolicy;
import java.util.Set;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Whether an outcome is one that a policy retries: Envoy's {@code retry_on}. */
final class RetryDecision {

  /** Envoy buffers no more than this to send it again. */
  static final long MOST_BODY_BYTES = 1 << 20;

  private RetryDecision() {}

  static boolean isReplayable(@Nullable RequestBody body) throws java.io.IOException {
    return body == null
        || !body.isOneShot() && !body.isDuplex() && body.contentLength() <= MOST_BODY_BYTES;
  }

  static boolean retries(RetryPolicy policy, Response response) {
    Set<String> on = policy.conditions();
    int status = response.code();
    if (response.header("x-envoy-ratelimited") != null) {
      return on.contains("envoy-ratelimited");
    }
    if (policy.statuses().contains(status)
        || status >= 500 && on.contains("5xx")
        || status >= 502 && status <= 504 && on.contains("gateway-error")
        || status == 409 && on.contains("retriable-4xx")) {
      return true;
    }
    String grpc = response.header("grpc-status");
    return grpc != null && on.contains(grpcName(grpc));
  }

  static boolean retries(RetryPolicy policy, Failure.Kind kind) {
    Set<String> on = policy.conditions();
    boolean anyFailure = on.contains("5xx") || on.contains("gateway-error");
    return switch (kind) {
      case CONNECT, CONNECT_TIMEOUT ->
          anyFailure
              || on.contains("connect-failure")
              || on.contains("reset")
              || on.contains("reset-before-request");
      case RESET, TRY_TIMEOUT -> anyFailure || on.contains("reset");
      case REFUSED_STREAM -> anyFailure || on.contains("refused-stream") || on.contains("reset");
      case NO_ENDPOINT, OVERFLOW -> false;
    };
  }

  private static String grpcName(String status) {
    return switch (status) {
      case "1" -> "cancelled";
      case "4" -> "deadline-exceeded";
      case "8" -> "resource-exhausted";
      case "13" -> "internal";
      case "14" -> "unavailable";
      default -> "";
    };
  }
}
