package io.meshclient.resilience;

import java.io.IOException;
import java.time.Duration;

/**
 * A call that was not made because its destination was called as often as it may be. Cheap: it has
 * no stack trace, and words only when they are asked for.
 */
public final class RateLimitedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String destination;
  private final Duration retryAfter;

  RateLimitedException(String destination, Duration retryAfter) {
    this.destination = destination;
    this.retryAfter = retryAfter;
  }

  /** The limiter's name: the destination that is not called. */
  public String destination() {
    return destination;
  }

  /** When the next token is there. Others may take it first. */
  public Duration retryAfter() {
    return retryAfter;
  }

  @Override
  public String getMessage() {
    return destination + ": rate limit reached, next call in " + retryAfter.toMillis() + " ms";
  }

  /** None: rejections come in masses, and where they come from is the limiter. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
