package io.meshclient.server;

import java.util.function.Supplier;

/** Has one of the looks that are taken at a request fail. For one request. */
final class Fault {
  private final int at;
  private final Supplier<? extends Throwable> failure;
  private int looks;
  private boolean reached;
  int status;

  /**
   * @param at the look that fails, from 1 on
   */
  Fault(int at, Supplier<? extends Throwable> failure) {
    this.at = at;
    this.failure = failure;
  }

  /** A value, unless it is this look that fails. What the handler looks at does not count. */
  <T> T look(T value) {
    if (!reached && ++looks == at) {
      Fault.<RuntimeException>sneak(failure.get());
    }
    return value;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  void reach() {
    reached = true;
  }

  boolean reached() {
    return reached;
  }

  int looks() {
    return looks;
  }
}
