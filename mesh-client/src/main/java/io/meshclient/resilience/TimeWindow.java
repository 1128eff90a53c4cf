package io.meshclient.resilience;

/**
 * The outcomes of calls that ended within a time, in ten buckets of which the present one is always
 * counted.
 */
final class TimeWindow implements OutcomeWindow {
  private static final int BUCKETS = 10;

  private final Rates rates;
  private final long bucketTicks;
  private final Buckets calls = new Buckets(BUCKETS);
  private final Buckets failed = new Buckets(BUCKETS);
  private final Buckets slow = new Buckets(BUCKETS);

  TimeWindow(long ticks, Rates rates, BreakerCounts held, long now) {
    this.rates = rates;
    this.bucketTicks = Math.max(1, ticks / BUCKETS);
    long bucket = now / bucketTicks;
    calls.add(bucket, held.calls());
    failed.add(bucket, held.failures());
    slow.add(bucket, held.slow());
  }

  @Override
  public boolean record(int outcome, long now, long slowInFlight) {
    long bucket = now / bucketTicks;
    // First what makes it bad: whoever sums up in between must not see a failure as a success.
    if (Outcome.isFailed(outcome)) {
      failed.add(bucket, 1);
    }
    if (Outcome.isSlow(outcome)) {
      slow.add(bucket, 1);
    }
    calls.add(bucket, 1);
    return Outcome.isBad(outcome) && isOver(bucket, slowInFlight);
  }

  private boolean isOver(long bucket, long slowInFlight) {
    return rates.areOver(calls.sum(bucket), failed.sum(bucket), slow.sum(bucket), slowInFlight);
  }

  @Override
  public boolean isTooSlow(long now, long slowInFlight) {
    return isOver(now / bucketTicks, slowInFlight);
  }

  @Override
  public BreakerCounts counts(long now) {
    long bucket = now / bucketTicks;
    return new BreakerCounts(calls.sum(bucket), failed.sum(bucket), slow.sum(bucket), 0);
  }
}
