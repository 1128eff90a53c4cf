package io.meshclient.istio;

import java.util.List;

/** gRPC's status codes: their names, and the statuses of HTTP that Envoy takes them for. */
public final class GrpcStatus {
  private static final List<String> BY_NUMBER =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcStatus() {}

  /** The number of a name; -1 for a name that is none. */
  public static int number(String name) {
    return BY_NUMBER.indexOf(name);
  }

  /** The name of a number from 0 to 16. */
  public static String name(int number) {
    return BY_NUMBER.get(number);
  }

  /**
   * The status of HTTP that Envoy counts a {@code grpc-status} as.
   *
   * @param text what the header says; what is no code counts as 500
   */
  public static int toHttp(String text) {
    return switch (text) {
      case "0" -> 200;
      case "1" -> 499;
      case "3", "9", "11" -> 400;
      case "4" -> 504;
      case "5" -> 404;
      case "6", "10" -> 409;
      case "7" -> 403;
      case "8" -> 429;
      case "12" -> 501;
      case "14" -> 503;
      case "16" -> 401;
      default -> 500;
    };
  }

  static List<String> names() {
    return BY_NUMBER;
  }
}
