package io.meshclient.resilience;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that was not made because the circuit breaker of its destination is open, or has its
 * probes under way. Cheap: it has no stack trace, and words only when they are asked for.
 */
public final class CircuitOpenException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String host;
  private final Instant since;
  private final @Nullable Instant until;
  private final @Nullable String lastFailure;

  CircuitOpenException(
      String host, Instant since, @Nullable Instant until, @Nullable String lastFailure) {
    this.host = host;
    this.since = since;
    this.until = until;
    this.lastFailure = lastFailure;
  }

  /** The breaker's name: the destination that is not called. */
  public String host() {
    return host;
  }

  /** When the breaker opened. */
  public Instant since() {
    return since;
  }

  /**
   * When calls are let through again, to probe. In the past where probes are under way; {@code
   * null} if the breaker was forced open.
   */
  public @Nullable Instant until() {
    return until;
  }

  /** The failure that opened the breaker, in words; {@code null} if it was forced open. */
  public @Nullable String lastFailure() {
    return lastFailure;
  }

  @Override
  public String getMessage() {
    return host
        + ": circuit open since "
        + since
        + (until == null ? ", forced" : ", until " + until)
        + (lastFailure == null ? "" : ", last failure: " + lastFailure);
  }

  /** None: rejections come in masses, and where they come from is the breaker. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
