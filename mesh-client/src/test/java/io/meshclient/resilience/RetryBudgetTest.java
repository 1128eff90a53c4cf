package io.meshclient.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.resilience.RetryBudget.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final AtomicLong now = new AtomicLong(42);

  @Test
  void burst_isThereAtTheStart_andNoMore() {
    RetryBudget budget = budget(new Settings(0, 0, 3));
    assertThat(taken(budget, 10)).isEqualTo(3);
  }

  @Test
  void fiveRequests_earnOneRetry() {
    RetryBudget budget = emptied(new Settings(0.2, 0, 100));
    for (int i = 0; i < 4; i++) {
      budget.request();
    }
    assertThat(budget.tryRetry()).isFalse();
    budget.request();
    assertThat(taken(budget, 10)).isEqualTo(1);
  }

  @Test
  void time_earnsRetries_upToTheBurst() {
    RetryBudget budget = emptied(new Settings(0.2, 10, 100));
    move(Duration.ofMillis(250));
    assertThat(taken(budget, 10)).isEqualTo(2);
    move(Duration.ofMillis(50));
    assertThat(taken(budget, 10)).isEqualTo(1);
    move(Duration.ofHours(1));
    assertThat(taken(budget, 1000)).isEqualTo(100);
  }

  @Test
  void time_inSmallSteps_isNotLost() {
    RetryBudget budget = emptied(new Settings(0, 10, 100));
    for (int i = 0; i < 1_000_000; i++) {
      move(Duration.ofNanos(1000));
      budget.available();
    }
    assertThat(budget.available()).isBetween(9L, 10L);
  }

  @Test
  void time_inStepsThatEarnNoWholePart_isNotLost() {
    RetryBudget budget = emptied(new Settings(0, 10, 100));
    for (int i = 0; i < 2000; i++) {
      move(Duration.ofNanos(199_000)); // a thousandth of a retry takes 100 µs
      budget.available();
    }
    assertThat(budget.available()).isEqualTo(3);
  }

  @Test
  void manyThreads_neverTakeMoreThanThereIs() throws InterruptedException {
    RetryBudget budget = budget(new Settings(0.2, 0, 100));
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                awaitStart(start);
                for (int j = 0; j < 10_000; j++) {
                  budget.request();
                  if (budget.tryRetry()) {
                    taken.incrementAndGet();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    long earned = 8 * 10_000 / 5 + 100;
    assertThat(taken.get() + budget.available()).isLessThanOrEqualTo(earned);
    assertThat((long) taken.get()).isGreaterThan(earned - 100);
  }

  @Test
  void settings_thatAreWrong_sayWhatWasExpected() {
    assertThatThrownBy(() -> new Settings(-0.1, 10, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ratio: -0.1 (expected: 0..1000000)");
  }

  private RetryBudget budget(Settings settings) {
    return new RetryBudget(settings, now::get);
  }

  private RetryBudget emptied(Settings settings) {
    RetryBudget budget = budget(settings);
    taken(budget, 1000);
    return budget;
  }

  private static int taken(RetryBudget budget, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += budget.tryRetry() ? 1 : 0;
    }
    return taken;
  }

  private void move(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static void awaitStart(CountDownLatch start) {
    try {
      start.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
