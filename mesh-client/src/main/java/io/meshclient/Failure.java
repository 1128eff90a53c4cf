package io.meshclient;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How a try ended without an answer: thrown by the endpoint's stage, turned into an answer, or into
 * another try, by the one that retries. Never seen by an application.
 */
final class Failure extends IOException {
  private static final long serialVersionUID = 1L;

  /** Envoy's reasons, their words and response flags. */
  enum Kind {
    CONNECT("remote connection failure", "UF"),
    CONNECT_TIMEOUT("connection timeout", "UF"),
    RESET("connection termination", "UC"),
    REFUSED_STREAM("remote refused stream reset", "UR"),
    TRY_TIMEOUT("", "UT"),
    NO_ENDPOINT("", "UH"),
    OVERFLOW("overflow", "UO");

    final String reason;
    final String flag;

    Kind(String reason, String flag) {
      this.reason = reason;
      this.flag = flag;
    }
  }

  final Kind kind;

  Failure(Kind kind, @Nullable IOException cause) {
    super(kind.name(), cause);
    this.kind = kind;
  }
}
