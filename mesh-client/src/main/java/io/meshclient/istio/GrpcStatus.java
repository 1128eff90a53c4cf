package io.meshclient.istio;

import java.util.List;

/** The names of gRPC's status codes. */
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

  static List<String> names() {
    return BY_NUMBER;
  }
}
