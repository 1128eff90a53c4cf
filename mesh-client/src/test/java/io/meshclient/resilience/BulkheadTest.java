package io.meshclient.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.resilience.Bulkhead.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BulkheadTest {

  private static Bulkhead bulkhead(int concurrent, int waiting) {
    return new Bulkhead(
        "payment", BulkheadSettings.of(concurrent).waiting(waiting, Duration.ofSeconds(1)));
  }

  @Test
  void callBeyondTheLimit_isRefused() {
    Bulkhead bulkhead = bulkhead(2, 0);
    Permit first = bulkhead.ask();
    bulkhead.ask();

    Permit third = bulkhead.ask();

    assertThat(third.isHeld()).isFalse();
    assertThat(third.isWaiting()).isFalse();
    assertThat(bulkhead.full())
        .hasMessage("payment: bulkhead full, 2 calls under way, 0 waiting")
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    assertThat(bulkhead.rejections()).isOne();
    first.close();
    assertThat(bulkhead.ask().isHeld()).isTrue();
  }

  @Test
  void permit_isGivenBackOnce() {
    Bulkhead bulkhead = bulkhead(1, 0);
    Permit permit = bulkhead.ask();
    permit.close();
    permit.close();

    assertThat(bulkhead.active()).isZero();
    bulkhead.ask();
    assertThat(bulkhead.ask().isHeld()).isFalse();
  }

  @Test
  void refusedPermit_givesNothingBack() {
    Bulkhead bulkhead = bulkhead(1, 0);
    bulkhead.ask();

    bulkhead.ask().close();

    assertThat(bulkhead.active()).isOne();
  }

  @Test
  void waitingCalls_haveTheirTurnInOrder() {
    Bulkhead bulkhead = bulkhead(1, 2);
    Permit first = bulkhead.ask();
    Permit second = bulkhead.ask();
    Permit third = bulkhead.ask();
    assertThat(bulkhead.waiting()).isEqualTo(2);
    assertThat(bulkhead.ask().isWaiting()).as("the queue is full").isFalse();

    first.close();

    assertThat(second.isHeld()).isTrue();
    assertThat(third.isWaiting()).isTrue();
    second.close();
    assertThat(third.isHeld()).isTrue();
    third.close();
    assertThat(bulkhead.active()).isZero();
    assertThat(bulkhead.waiting()).isZero();
  }

  @Test
  void callThatLeavesTheQueue_isPassedOver() {
    Bulkhead bulkhead = bulkhead(1, 2);
    Permit first = bulkhead.ask();
    Permit second = bulkhead.ask();
    Permit third = bulkhead.ask();

    second.close();

    assertThat(bulkhead.waiting()).isOne();
    first.close();
    assertThat(third.isHeld()).isTrue();
  }

  @Test
  void settingsOutOfBounds_areRefused() {
    assertThatThrownBy(() -> BulkheadSettings.of(0))
        .hasMessage("maxConcurrent: 0 (expected: at least 1)");
    assertThatThrownBy(() -> BulkheadSettings.of(1).waiting(-1, Duration.ZERO))
        .hasMessage("maxWaiting: -1 (expected: at least 0)");
    assertThatThrownBy(() -> BulkheadSettings.of(1).waiting(1, Duration.ofSeconds(-1)))
        .hasMessage("maxWait: PT-1S (expected: 0 to one day)");
  }

  /** Calls come, wait, give up and end at random: never too many at once, and nothing is left. */
  @Test
  @Timeout(120)
  void manyThreads_neverOverflowAndNeverStick() throws InterruptedException {
    Bulkhead bulkhead = bulkhead(3, 4);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    AtomicInteger stuck = new AtomicInteger();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  call(bulkhead, inside, most, served, stuck);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(50));
      assertThat(thread.isAlive()).as("a thread is stuck").isFalse();
    }

    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(stuck).hasValue(0);
    assertThat(served.get()).isPositive();
    assertThat(bulkhead.active()).isZero();
    assertThat(bulkhead.waiting()).isZero();
    List<Permit> all = List.of(bulkhead.ask(), bulkhead.ask(), bulkhead.ask());
    assertThat(all).as("no permit was lost").allMatch(Permit::isHeld);
  }

  private static void call(
      Bulkhead bulkhead,
      AtomicInteger inside,
      AtomicInteger most,
      AtomicInteger served,
      AtomicInteger stuck) {
    boolean patient = ThreadLocalRandom.current().nextBoolean();
    long start = System.nanoTime();
    long patience = patient ? TimeUnit.SECONDS.toNanos(40) : 1000;
    try (Permit permit = bulkhead.ask()) {
      while (permit.isWaiting() && System.nanoTime() - start < patience) {
        LockSupport.parkNanos(patience);
      }
      if (permit.isHeld()) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        served.incrementAndGet();
        Thread.yield();
        inside.decrementAndGet();
      } else if (patient && permit.isWaiting()) {
        stuck.incrementAndGet();
      }
    }
  }
}
