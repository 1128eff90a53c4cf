package io.meshclient.resilience;

import dev.failsafe.ExecutionContext;
import dev.failsafe.TimeoutExceededException;
import dev.failsafe.spi.AsyncExecutionInternal;
import dev.failsafe.spi.ExecutionInternal;
import dev.failsafe.spi.ExecutionResult;
import dev.failsafe.spi.FailsafeFuture;
import dev.failsafe.spi.PolicyExecutor;
import dev.failsafe.spi.Scheduler;
import dev.failsafe.spi.SyncExecutionInternal;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One execution under a {@link FailsafeBreaker}: its attempts follow one another, each with a
 * permit of its own.
 */
final class FailsafeBreakerExecutor<R> extends PolicyExecutor<R> {
  private final FailsafeBreaker<R> policy;

  /** The permit of the attempt under way, or of the last one. */
  private volatile @Nullable Permit held;

  FailsafeBreakerExecutor(FailsafeBreaker<R> policy, int policyIndex) {
    super(policy, policyIndex);
    this.policy = policy;
  }

  @Override
  public Function<SyncExecutionInternal<R>, ExecutionResult<R>> apply(
      Function<SyncExecutionInternal<R>, ExecutionResult<R>> inner, Scheduler scheduler) {
    return execution -> {
      Permit permit;
      try {
        permit = acquire();
      } catch (CircuitOpenException e) {
        execution.preExecute(); // else the attempt would not count
        return ExecutionResult.exception(e);
      }
      try {
        ExecutionResult<R> result = inner.apply(execution);
        ExecutionInternal<R> latest = execution.getLatest();
        if (latest.isCancelled(this)) {
          permit.cancelled(latest.getResult());
          return result;
        }
        return postExecute(execution, result);
      } finally {
        permit.giveBack();
      }
    };
  }

  @Override
  public Function<AsyncExecutionInternal<R>, CompletableFuture<ExecutionResult<R>>> applyAsync(
      Function<AsyncExecutionInternal<R>, CompletableFuture<ExecutionResult<R>>> inner,
      Scheduler scheduler,
      FailsafeFuture<R> future) {
    return execution -> {
      if (execution.isRecorded()) {
        return finish(execution, inner, scheduler, future, held);
      }
      Permit permit;
      try {
        permit = acquire();
      } catch (CircuitOpenException e) {
        execution.preExecute();
        return CompletableFuture.completedFuture(ExecutionResult.exception(e));
      }
      future.setCancelFn(this, (mayInterrupt, result) -> permit.cancelled(result));
      if (future.isDone() || execution.getLatest().isCancelled(this)) {
        permit.cancelled(execution.getLatest().getResult()); // before there was what to cancel
      }
      return finish(execution, inner, scheduler, future, permit);
    };
  }

  private CompletableFuture<ExecutionResult<R>> finish(
      AsyncExecutionInternal<R> execution,
      Function<AsyncExecutionInternal<R>, CompletableFuture<ExecutionResult<R>>> inner,
      Scheduler scheduler,
      FailsafeFuture<R> future,
      @Nullable Permit permit) {
    CompletableFuture<ExecutionResult<R>> running;
    try {
      running = inner.apply(execution);
    } catch (RuntimeException | Error e) {
      giveBack(permit);
      throw e;
    }
    return running
        .thenCompose(
            result -> {
              // null: the application tells the result later, and this is run again then.
              if (result == null) {
                return CompletableFuture.completedFuture(null);
              }
              ExecutionInternal<R> latest = execution.getLatest();
              if (latest.isCancelled(this)) {
                if (permit != null) {
                  permit.cancelled(latest.getResult());
                }
                return CompletableFuture.completedFuture(result);
              }
              return postExecuteAsync(execution, result, scheduler, future);
            })
        .whenComplete(
            (result, error) -> {
              if (error != null || result != null) {
                giveBack(permit);
              }
            });
  }

  private void giveBack(@Nullable Permit permit) {
    if (permit != null) {
      permit.giveBack();
    }
  }

  private Permit acquire() throws CircuitOpenException {
    Permit permit = new Permit(policy.breaker().acquire());
    held = permit;
    return permit;
  }

  @Override
  protected boolean isFailure(ExecutionResult<R> result) {
    return !result.isNonResult()
        && tells(result.getException())
        && policy.isFailure(result.getResult(), result.getException());
  }

  @Override
  protected void onSuccess(ExecutionResult<R> result) {
    Permit permit = held;
    if (permit == null) {
      return;
    }
    if (tells(result.getException())) {
      permit.success();
    } else {
      permit.giveBack();
    }
  }

  @Override
  protected ExecutionResult<R> onFailure(ExecutionContext<R> context, ExecutionResult<R> result) {
    Permit permit = held;
    if (permit != null) {
      permit.failure(words(result));
    }
    return result;
  }

  /** Whether an end says anything of what was called. */
  private static boolean tells(@Nullable Throwable exception) {
    return !(exception instanceof Error
        || exception instanceof InterruptedException
        || exception instanceof CancellationException
        || exception instanceof CompletionException wrapped
            && wrapped.getCause() instanceof CancellationException);
  }

  private static @Nullable Object words(ExecutionResult<?> result) {
    return result.getException() == null ? result.getResult() : result.getException();
  }

  /** Leave for one attempt: ends once, by whoever is first to end it. */
  private final class Permit {
    private final long permit;
    private final AtomicBoolean ended = new AtomicBoolean();

    Permit(long permit) {
      this.permit = permit;
    }

    void success() {
      if (ended.compareAndSet(false, true)) {
        policy.breaker().success(permit);
      }
    }

    void failure(@Nullable Object words) {
      if (ended.compareAndSet(false, true)) {
        policy.breaker().failure(permit, words);
      }
    }

    void giveBack() {
      if (ended.compareAndSet(false, true)) {
        policy.breaker().giveBack(permit);
      }
    }

    /** The attempt was ended from outside: by a timeout, whose word this is, or by the caller. */
    void cancelled(@Nullable ExecutionResult<R> by) {
      if (by != null && by.getException() instanceof TimeoutExceededException && isFailure(by)) {
        failure(by.getException());
      } else {
        giveBack();
      }
    }
  }
}
