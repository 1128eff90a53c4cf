package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** gRPC's status codes: their names, and the statuses of HTTP that Envoy takes them for. */
public final class GrpcStatus {
  public static final String CONTENT_TYPE = "application/grpc";

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

  /** The number that Envoy makes of a status of HTTP that it answers itself. */
  public static int ofHttp(int status) {
    return switch (status) {
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }

  /**
   * Whether a message is gRPC.
   *
   * @param contentType what its header says; {@code null} for nothing
   */
  public static boolean isContentType(@Nullable String contentType) {
    return contentType != null
        && (contentType.equals(CONTENT_TYPE) || contentType.startsWith(CONTENT_TYPE + "+"));
  }

  static List<String> names() {
    return BY_NUMBER;
  }
}
