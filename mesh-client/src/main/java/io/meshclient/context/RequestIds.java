package io.meshclient.context;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes values for {@code x-request-id}. */
final class RequestIds {

  private RequestIds() {}

  /**
   * A random version 4 UUID.
   *
   * <p>The version matters: Envoy reads the digit in its place as its own trace decision, and takes
   * 4 as "none yet". The randomness need not be strong: the value names a request and protects
   * nothing, so the thread's cheap generator will do where {@code UUID.randomUUID()} would use the
   * shared secure one.
   */
  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(high, low).toString();
  }
}
