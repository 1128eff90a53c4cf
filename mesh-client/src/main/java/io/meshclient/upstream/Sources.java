package io.meshclient.upstream;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Chance and time, as balancing needs them.
 *
 * @param random the generator of the thread that asks
 * @param nanoTime as {@link System#nanoTime}
 */
record Sources(Supplier<? extends RandomGenerator> random, LongSupplier nanoTime) {

  /** The JVM's own generators. */
  static Sources at(LongSupplier nanoTime) {
    return new Sources(ThreadLocalRandom::current, nanoTime);
  }

  int draw(int bound) {
    return random.get().nextInt(bound);
  }
}
