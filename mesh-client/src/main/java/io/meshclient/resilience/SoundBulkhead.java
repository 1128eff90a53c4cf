package io.meshclient.resilience;

import dev.failsafe.Bulkhead;
import dev.failsafe.BulkheadFullException;
import dev.failsafe.ExecutionContext;
import dev.failsafe.Policy;
import dev.failsafe.PolicyConfig;
import dev.failsafe.spi.ExecutionResult;
import dev.failsafe.spi.PolicyExecutor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bulkhead of Failsafe's whose places all come back. Its own executor, in 3.3.2, leaves an
 * execution that it turned away in the queue: the next place to become free is given to that one,
 * and is lost for good. This asks for a place that is free now, and again until the time is up.
 *
 * @param <R> what executions result in
 */
record SoundBulkhead<R>(Bulkhead<R> bulkhead) implements Policy<R> {
  private static final long ASK_AGAIN_MILLIS = 1;

  @Override
  public PolicyConfig<R> getConfig() {
    return bulkhead.getConfig();
  }

  @Override
  public PolicyExecutor<R> toExecutor(int policyIndex) {
    return new Executor<>(this, policyIndex);
  }

  private boolean acquire() throws InterruptedException {
    Duration wait = bulkhead.getConfig().getMaxWaitTime();
    long start = System.nanoTime();
    while (!bulkhead.tryAcquirePermit()) {
      if (System.nanoTime() - start >= wait.toNanos()) {
        return false;
      }
      Thread.sleep(ASK_AGAIN_MILLIS);
    }
    return true;
  }

  private static final class Executor<R> extends PolicyExecutor<R> {
    private final SoundBulkhead<R> policy;

    Executor(SoundBulkhead<R> policy, int policyIndex) {
      super(policy, policyIndex);
      this.policy = policy;
    }

    @Override
    protected @Nullable ExecutionResult<R> preExecute() {
      try {
        return policy.acquire()
            ? null
            : ExecutionResult.exception(new BulkheadFullException(policy.bulkhead));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExecutionResult.exception(e);
      }
    }

    @Override
    protected void onSuccess(ExecutionResult<R> result) {
      policy.bulkhead.releasePermit();
    }

    @Override
    protected ExecutionResult<R> onFailure(ExecutionContext<R> context, ExecutionResult<R> result) {
      policy.bulkhead.releasePermit();
      return result;
    }
  }
}
