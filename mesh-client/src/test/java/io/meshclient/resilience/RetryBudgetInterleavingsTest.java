package io.meshclient.resilience;

import static io.meshclient.resilience.Interleavings.expect;
import static io.meshclient.resilience.Interleavings.together;

import io.meshclient.resilience.RetryBudget.Settings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A retry budget never gives more than it has. */
@Tag("interleavings")
class RetryBudgetInterleavingsTest {

  @Test
  void budget_isLinearizable_whereTimeStands() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .check(Standing.class);
  }

  @Test
  void budget_isLinearizable_underStress() {
    new StressOptions()
        .iterations(3)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(3)
        .check(Standing.class);
  }

  @Test
  void budget_givesOnce_whatTimeBrought() {
    Interleavings.each(
        () -> {
          AtomicLong nanos = new AtomicLong();
          RetryBudget budget = new RetryBudget(new Settings(0, 10, 1), nanos::get);
          AtomicInteger given = new AtomicInteger();
          Runnable retry = () -> given.addAndGet(budget.tryRetry() ? 1 : 0);
          retry.run();
          nanos.set(100_000_000);
          together(retry, retry);
          expect("given", given.get(), 2);
        });
  }

  /** A budget whose clock stands: three requests earn a retry, and one is saved up. */
  public static class Standing {
    private final RetryBudget budget = new RetryBudget(new Settings(0.34, 10, 1), () -> 0);

    @Operation
    public void request() {
      budget.request();
    }

    @Operation
    public boolean retry() {
      return budget.tryRetry();
    }

    @Operation
    public long available() {
      return budget.available();
    }
  }
}
