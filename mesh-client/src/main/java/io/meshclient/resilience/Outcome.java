package io.meshclient.resilience;

/** How a call ended, as the bits that windows keep. */
final class Outcome {
  static final int SEEN = 1;
  static final int FAILED = 2;
  static final int SLOW = 4;

  private Outcome() {}

  static boolean isBad(int outcome) {
    return outcome != SEEN;
  }

  static boolean isFailed(int outcome) {
    return (outcome & FAILED) != 0;
  }

  static boolean isSlow(int outcome) {
    return (outcome & SLOW) != 0;
  }
}
