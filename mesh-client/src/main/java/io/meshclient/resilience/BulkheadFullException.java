package io.meshclient.resilience;

import java.io.IOException;

/**
 * A call that was not made because as many calls of its destination are under way, and wait, as
 * may. Cheap: it has no stack trace, and words only when they are asked for.
 */
public final class BulkheadFullException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String destination;
  private final int limit;
  private final int waiting;

  BulkheadFullException(String destination, int limit, int waiting) {
    this.destination = destination;
    this.limit = limit;
    this.waiting = waiting;
  }

  /** The bulkhead's name: the destination that is not called. */
  public String destination() {
    return destination;
  }

  /** How many calls may be under way at once. */
  public int limit() {
    return limit;
  }

  /** How many calls were waiting at that moment. */
  public int waiting() {
    return waiting;
  }

  @Override
  public String getMessage() {
    return destination + ": bulkhead full, " + limit + " calls under way, " + waiting + " waiting";
  }

  /** None: rejections come in masses, and where they come from is the bulkhead. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
