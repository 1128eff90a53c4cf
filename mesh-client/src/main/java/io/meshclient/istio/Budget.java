package io.meshclient.istio;

/**
 * How many values of a document may be read, each use of an alias counted anew: a few lines of
 * aliases of aliases stand for billions.
 */
final class Budget {
  static final int MAX = 1_000_000;

  private int left = MAX;

  void spend() {
    left--;
    if (left < 0) {
      throw new Exceeded();
    }
  }

  /** Ends the reading of a document. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded() {
      super("more than " + MAX + " values", null, false, false);
    }
  }
}
