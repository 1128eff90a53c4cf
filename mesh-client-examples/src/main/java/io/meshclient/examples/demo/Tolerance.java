package io.meshclient.examples.demo;

/**
 * How often something of a given probability may happen in a number of trials before one has to
 * doubt the probability: outside of these bounds, chance alone leads less than once in a million
 * runs (five standard deviations, counted exactly by the binomial distribution).
 *
 * @param low the fewest, inclusive
 * @param high the most, inclusive
 */
record Tolerance(int low, int high) {
  private static final double TAIL = 2.9e-7;

  /**
   * @param probability above 0 and below 1
   */
  static Tolerance of(int trials, double probability) {
    if (trials < 1 || !(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException(
          trials + " trials of " + probability + " (expected: >= 1, above 0 and below 1)");
    }
    return new Tolerance(lowest(trials, probability), trials - lowest(trials, 1 - probability));
  }

  boolean holds(int count) {
    return count >= low && count <= high;
  }

  @Override
  public String toString() {
    return low + ".." + high;
  }

  /** The first count that is not too rare to be met with, or to be undercut. */
  private static int lowest(int trials, double probability) {
    double log = trials * Math.log1p(-probability);
    double sum = Math.exp(log);
    int count = 0;
    while (sum < TAIL) {
      count++;
      log += Math.log((trials - count + 1.0) / count * probability / (1 - probability));
      sum += Math.exp(log);
    }
    return count;
  }
}
