package io.meshclient.resilience;

import org.jspecify.annotations.Nullable;

/**
 * The outcomes of calls that ended within a time, in ten buckets of which the present one is always
 * counted. Each way to end has buckets of its own and is counted once, so that the parts never
 * exceed the whole, however threads interleave.
 */
final class TimeWindow implements OutcomeWindow {
  private static final int BUCKETS = 10;

  private final Rates rates;
  private final long bucketTicks;
  private final Buckets passed;
  private final Buckets failed;
  private final Buckets slow;
  private final Buckets slowAndFailed;

  TimeWindow(long ticks, Rates rates, BreakerCounts held, long now) {
    this.rates = rates;
    this.bucketTicks = bucketTicks(ticks);
    this.passed = new Buckets(BUCKETS, bucketTicks);
    this.failed = new Buckets(BUCKETS, bucketTicks);
    this.slow = new Buckets(BUCKETS, bucketTicks);
    this.slowAndFailed = new Buckets(BUCKETS, bucketTicks);
    long bucket = now / bucketTicks;
    // Which of the slow ones failed is not known; as many as can be keep the shares within 100 %.
    long both = Math.min(held.slow(), held.failures());
    slowAndFailed.add(bucket, both);
    slow.add(bucket, held.slow() - both);
    failed.add(bucket, held.failures() - both);
    passed.add(bucket, Math.max(0, held.calls() - held.slow() - held.failures() + both));
  }

  private TimeWindow(TimeWindow shared, Rates rates) {
    this.rates = rates;
    this.bucketTicks = shared.bucketTicks;
    this.passed = shared.passed;
    this.failed = shared.failed;
    this.slow = shared.slow;
    this.slowAndFailed = shared.slowAndFailed;
  }

  private static long bucketTicks(long ticks) {
    return Math.max(1, ticks / BUCKETS);
  }

  @Override
  public boolean record(int outcome, long now, long slowInFlight) {
    long bucket = now / bucketTicks;
    buckets(outcome).add(bucket, 1);
    return Outcome.isBad(outcome) && isOver(bucket, slowInFlight);
  }

  private Buckets buckets(int outcome) {
    if (Outcome.isFailed(outcome)) {
      return Outcome.isSlow(outcome) ? slowAndFailed : failed;
    }
    return Outcome.isSlow(outcome) ? slow : passed;
  }

  private boolean isOver(long bucket, long slowInFlight) {
    long both = slowAndFailed.sum(bucket);
    long failures = failed.sum(bucket) + both;
    long slowly = slow.sum(bucket) + both;
    return rates.areOver(
        passed.sum(bucket) + failures + slowly - both, failures, slowly, slowInFlight);
  }

  @Override
  public boolean isTooSlow(long now, long slowInFlight) {
    return isOver(now / bucketTicks, slowInFlight);
  }

  @Override
  public BreakerCounts counts(long now) {
    long bucket = now / bucketTicks;
    long both = slowAndFailed.sum(bucket);
    long failures = failed.sum(bucket) + both;
    long slowly = slow.sum(bucket) + both;
    return new BreakerCounts(passed.sum(bucket) + failures + slowly - both, failures, slowly, 0);
  }

  @Override
  public @Nullable OutcomeWindow sharing(BreakerSettings newer) {
    return newer.window() instanceof BreakerSettings.Time time
            && bucketTicks(Ticks.of(time.length())) == bucketTicks
        ? new TimeWindow(this, Rates.of(newer))
        : null;
  }
}
