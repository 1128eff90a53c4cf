package io.meshclient.acceptance.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random choices that a seed repeats. */
final class Draw {

  private final Random random;

  Draw(long seed) {
    this.random = new Random(seed);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int upTo(int most) {
    return random.nextInt(most + 1);
  }

  <T> T of(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }

  /** One to {@code most} of the pool, which may be the same twice. */
  <T> List<T> some(List<T> pool, int most) {
    List<T> some = new ArrayList<>();
    for (int i = upTo(most - 1); i >= 0; i--) {
      some.add(of(pool));
    }
    return some;
  }
}
