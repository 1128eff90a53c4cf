package io.meshclient.resilience;

import static io.meshclient.resilience.CircuitBreaker.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Real threads and the machine's own memory, where a model checker sees one order at a time. */
class BreakerStressTest {
  private static final int THREADS = 4;
  private static final int CALLS = 40_000;
  private static final int PROBES = 3;
  private static final Duration SLOW = Duration.ofMillis(5);

  private static final BreakerSettings BY_CALLS =
      quick(BreakerSettings.overCalls(16, 8, 50).slowCalls(SLOW, 100));
  private static final BreakerSettings BY_TIME =
      quick(
          BreakerSettings.overTime(Duration.ofMillis(10), 8, 50).slowCalls(SLOW.dividedBy(2), 100));
  private static final BreakerSettings IN_A_ROW = quick(BreakerSettings.consecutive(5));

  private final AtomicLong nanos = new AtomicLong();
  private final Map<Long, Generation> generations = new ConcurrentHashMap<>();
  private final Queue<BreakerEvent> events = new ConcurrentLinkedQueue<>();
  private final CircuitBreaker breaker =
      new CircuitBreaker(
          "orders", BY_CALLS, nanos::get, new BreakerListeners(), () -> Instant.EPOCH, () -> 0.5);

  @Test
  void breaker_under_many_threads_keeps_its_promises() throws InterruptedException {
    breaker.onTransition(events::add);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      Thread thread = new Thread(() -> callOften(random));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }

    assertThat(events.stream().filter(event -> event.to() == State.HALF_OPEN)).isNotEmpty();
    events.stream()
        .filter(event -> event.from() == State.HALF_OPEN)
        .forEach(event -> assertProbes(event, generations.get(event.generation() - 1)));
    assertRecovers();
  }

  private void callOften(SplittableRandom random) {
    for (int i = 0; i < CALLS; i++) {
      nanos.addAndGet(random.nextInt(400_000));
      long permit = breaker.tryAcquire();
      if (permit != REJECTED) {
        end(permit, random.nextInt(10));
      }
      if (random.nextInt(200) == 0) {
        int which = random.nextInt(3);
        breaker.settings(which == 0 ? BY_CALLS : which == 1 ? BY_TIME : IN_A_ROW);
      }
    }
  }

  private void end(long permit, int how) {
    Generation generation =
        generations.computeIfAbsent(permit >>> Ticks.BITS, number -> new Generation());
    generation.admitted.incrementAndGet();
    if (how == 0) {
      generation.returned.incrementAndGet();
      breaker.giveBack(permit);
    } else if (how < 5) {
      breaker.failure(permit, "HTTP 503");
    } else {
      generation.passed.incrementAndGet();
      breaker.success(permit);
    }
  }

  private static void assertProbes(BreakerEvent event, Generation probes) {
    // What is given back may be given out again, by one who does not wait for the count of it.
    assertThat(probes.admitted.get() - probes.returned.get()).isLessThanOrEqualTo(PROBES);
    if (event.to() == State.CLOSED) {
      assertThat(probes.admitted.get() - probes.returned.get()).isEqualTo(PROBES);
      assertThat(probes.passed.get()).isGreaterThan(PROBES / 2);
    }
  }

  /** Nothing is left behind that would keep it from closing, or look like a call in flight. */
  private void assertRecovers() {
    for (int i = 0; i < PROBES + 1 && breaker.state() != State.CLOSED; i++) {
      nanos.addAndGet(1_000_000_000);
      breaker.success(breaker.tryAcquire());
    }
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    breaker.settings(BY_CALLS);
    nanos.addAndGet(1_000_000_000);
    assertThat(breaker.counts().slowInFlight()).isZero();
    breaker.tryAcquire();
    nanos.addAndGet(1_000_000_000);
    assertThat(breaker.counts().slowInFlight()).isEqualTo(1);
  }

  private static BreakerSettings quick(BreakerSettings settings) {
    return settings
        .openFor(Duration.ofMillis(2))
        .growing(1, Duration.ofMillis(2))
        .probes(PROBES)
        .probeLease(Duration.ofDays(30));
  }

  /** What became of the calls that one state let through. */
  private static final class Generation {
    final AtomicInteger admitted = new AtomicInteger();
    final AtomicInteger returned = new AtomicInteger();
    final AtomicInteger passed = new AtomicInteger();
  }
}
