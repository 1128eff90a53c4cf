package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** A gRPC call ended with a status other than OK. */
final class GrpcStatusException extends IdentityException {
  private static final long serialVersionUID = 1L;

  static final int INVALID_ARGUMENT = 3;
  static final int PERMISSION_DENIED = 7;
  static final int UNIMPLEMENTED = 12;

  /** By their codes. */
  private static final String[] NAMES = {
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
    "UNAUTHENTICATED"
  };

  private final int code;

  GrpcStatusException(String where, int code, String message) {
    super(
        where
            + ": "
            + (code < NAMES.length ? NAMES[code] : "status " + code)
            + (message.isEmpty() ? "" : ": " + Quoted.of(decoded(message))));
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Whether asking again would be answered alike (SPIFFE Workload Endpoint, appendix A). */
  boolean isFinal() {
    return code == INVALID_ARGUMENT || code == UNIMPLEMENTED;
  }

  /** Servers write what is not visible ASCII, and the percent sign, as UTF-8 in {@code %XX}. */
  private static String decoded(String message) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      boolean escape =
          c == '%'
              && i + 2 < message.length()
              && HexFormat.isHexDigit(message.charAt(i + 1))
              && HexFormat.isHexDigit(message.charAt(i + 2));
      octets.write(escape ? HexFormat.fromHexDigits(message, i + 1, i + 3) : c);
      i += escape ? 2 : 0;
    }
    return octets.toString(UTF_8);
  }
}
