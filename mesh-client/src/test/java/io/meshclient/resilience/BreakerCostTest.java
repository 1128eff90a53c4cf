package io.meshclient.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a breaker costs a call that it lets through. */
class BreakerCostTest {
  private static final int CALLS = 20_000;
  private static final Duration SLOW = Duration.ofSeconds(1);

  enum Kind {
    IN_A_ROW(BreakerSettings.consecutive(3), 0),
    OVER_CALLS(BreakerSettings.overCalls(100, 100, 60), 0),
    OVER_TIME(BreakerSettings.overTime(Duration.ofSeconds(10), 100, 60), 1),
    OVER_CALLS_AND_SLOW(BreakerSettings.overCalls(100, 100, 60).slowCalls(SLOW, 50), 2),
    OVER_TIME_AND_SLOW(
        BreakerSettings.overTime(Duration.ofSeconds(10), 100, 60).slowCalls(SLOW, 50), 2);

    final BreakerSettings settings;
    final int clockReads;

    Kind(BreakerSettings settings, int clockReads) {
      this.settings = settings;
      this.clockReads = clockReads;
    }
  }

  private long nanos;
  private long reads;

  @ParameterizedTest
  @EnumSource
  void call_allocates_nothing_and_reads_the_clock_twice_at_most(Kind kind) {
    CircuitBreaker breaker = new CircuitBreaker("orders", kind.settings, this::read);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      reads = 0;
      long before = threads.getCurrentThreadAllocatedBytes();
      call(breaker);
      best = Math.min(best, threads.getCurrentThreadAllocatedBytes() - before);
      assertThat(reads).isEqualTo((long) kind.clockReads * CALLS);
    }
    // A few bytes for all calls together: what the measuring itself takes.
    assertThat(best).isLessThan(CALLS / 100);
  }

  /** Every second call fails, which opens none of the kinds. */
  private void call(CircuitBreaker breaker) {
    for (int i = 0; i < CALLS; i++) {
      long permit = breaker.tryAcquire();
      nanos += 1_000_000;
      if (i % 2 == 0) {
        breaker.failure(permit, "HTTP 503");
      } else {
        breaker.success(permit);
      }
    }
  }

  private long read() {
    reads++;
    return nanos;
  }
}
