package io.meshclient;

import java.util.function.DoubleSupplier;

/** Whether a request is among a share of all. */
final class Draw {
  private Draw() {}

  /**
   * @param draws at least 0 and less than 100; asked only where the answer depends on it
   */
  static boolean hits(DoubleSupplier draws, double percent) {
    return percent >= 100 || percent > 0 && draws.getAsDouble() < percent;
  }
}
