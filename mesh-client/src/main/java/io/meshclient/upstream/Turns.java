package io.meshclient.upstream;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Indexes in turn, each as often as its weight asks, evenly mixed, from a random start. Safe from
 * any thread; takes no lock. Where the weights make a round too long, by chance in their
 * proportion.
 */
final class Turns {

  /** A round as long as this is still laid out in full. */
  private static final int LONGEST_ROUND = 4096;

  private final Sources sources;
  private final long[] below;
  private final int[] round;
  private final AtomicInteger next;

  private Turns(Sources sources, long[] below, int[] round) {
    this.sources = sources;
    this.below = below;
    this.round = round;
    this.next = new AtomicInteger(round.length == 0 ? 0 : sources.draw(round.length));
  }

  /**
   * Lays a round out.
   *
   * @param weights not negative, at least one above 0
   */
  static Turns of(long[] weights, Sources sources) {
    long divisor = 0;
    for (long weight : weights) {
      divisor = divisor(weight, divisor);
    }
    long[] below = new long[weights.length];
    long total = 0;
    for (int i = 0; i < weights.length; i++) {
      total += weights[i] / divisor;
      below[i] = total;
    }
    boolean alike = total == weights.length && below[0] == 1;
    int[] round = new int[0];
    if (alike) {
      round = IntStream.range(0, weights.length).toArray();
    } else if (total <= LONGEST_ROUND) {
      round = round(below, (int) total);
    }
    return new Turns(sources, below, round);
  }

  int next() {
    if (round.length > 0) {
      return round[Math.floorMod(next.getAndIncrement(), round.length)];
    }
    long draw = sources.random().get().nextLong(below[below.length - 1]);
    int found = Arrays.binarySearch(below, draw);
    // Below are running sums: a draw that equals one belongs to the next that is greater.
    int index = found < 0 ? -found - 1 : found;
    while (below[index] <= draw) {
      index++;
    }
    return index;
  }

  /** Whoever is furthest behind its share comes next. */
  private static int[] round(long[] below, int total) {
    int[] round = new int[total];
    long[] credit = new long[below.length];
    for (int turn = 0; turn < total; turn++) {
      int best = 0;
      for (int i = 0; i < credit.length; i++) {
        credit[i] += below[i] - (i == 0 ? 0 : below[i - 1]);
        best = credit[i] > credit[best] ? i : best;
      }
      credit[best] -= total;
      round[turn] = best;
    }
    return round;
  }

  private static long divisor(long a, long b) {
    return b == 0 ? a : divisor(b, a % b);
  }
}
