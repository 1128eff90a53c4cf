package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts by bucket of time, in a ring. Each place carries the number of the bucket that it counts
 * for, so that a place of a bygone bucket is taken over by one exchange and never needs sweeping.
 */
final class Buckets {
  private final int countBits;
  private final long countMask;

  /** A place: the bucket's whole number above, so that none comes round again, and the count. */
  private final AtomicLongArray places;

  /**
   * @param bucketTicks how long a bucket is
   */
  Buckets(int size, long bucketTicks) {
    places = new AtomicLongArray(size);
    countBits = Ticks.bitsBeside(bucketTicks);
    countMask = (1L << countBits) - 1;
  }

  void add(long bucket, long amount) {
    int index = (int) (bucket % places.length());
    while (true) {
      long place = places.get(index);
      // A place that is ahead belongs to a thread with a later clock: what came late counts there.
      if (place >>> countBits >= bucket) {
        // Should the place be taken over in between, this counts for the bucket that took it.
        places.getAndAdd(index, amount);
        return;
      }
      if (places.compareAndSet(index, place, bucket << countBits | amount)) {
        return;
      }
    }
  }

  /** What the ring's buckets up to this one hold, itself and those ahead of it included. */
  long sum(long bucket) {
    long bygone = bucket - places.length();
    long sum = 0;
    for (int i = 0; i < places.length(); i++) {
      long place = places.get(i);
      if (place >>> countBits > bygone) {
        sum += place & countMask;
      }
    }
    return sum;
  }
}
