package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts by bucket of time, in a ring. Each place carries the number of the bucket that it counts
 * for, so that a place of a bygone bucket is taken over by one exchange and never needs sweeping.
 */
final class Buckets {
  /** A place: the low 28 bits of the bucket's number, and 36 bits of count. */
  private static final int COUNT_BITS = 36;

  private static final long COUNT = (1L << COUNT_BITS) - 1;
  private static final long BUCKET = (1L << 64 - COUNT_BITS) - 1;

  private final AtomicLongArray places;

  Buckets(int size) {
    places = new AtomicLongArray(size);
  }

  void add(long bucket, long amount) {
    int index = (int) (bucket % places.length());
    while (true) {
      long place = places.get(index);
      // A place that is ahead belongs to a thread with a later clock: what came late counts there.
      if (isOf(place, bucket) || isAhead(place, bucket)) {
        // Should the place be taken over in between, this counts for the bucket that took it.
        places.getAndAdd(index, amount);
        return;
      }
      if (places.compareAndSet(index, place, (bucket & BUCKET) << COUNT_BITS | amount)) {
        return;
      }
    }
  }

  /** What the ring's buckets up to this one hold, itself included. */
  long sum(long bucket) {
    long sum = 0;
    for (int i = 0; i < places.length(); i++) {
      long place = places.get(i);
      long age = bucket - (place >>> COUNT_BITS) & BUCKET;
      // The younger half of the numbers is "ahead": of a thread with a later clock.
      if (age < places.length() || age > BUCKET / 2) {
        sum += place & COUNT;
      }
    }
    return sum;
  }

  private static boolean isOf(long place, long bucket) {
    return place >>> COUNT_BITS == (bucket & BUCKET);
  }

  private static boolean isAhead(long place, long bucket) {
    return ((place >>> COUNT_BITS) - bucket & BUCKET) < BUCKET / 2;
  }
}
