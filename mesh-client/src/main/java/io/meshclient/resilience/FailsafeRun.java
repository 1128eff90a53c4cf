package io.meshclient.resilience;

import dev.failsafe.Bulkhead;
import dev.failsafe.Call;
import dev.failsafe.ExecutionContext;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.Policy;
import dev.failsafe.RetryPolicy;
import dev.failsafe.event.EventListener;
import dev.failsafe.event.ExecutionScheduledEvent;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of work under Failsafe's policies, on the thread that asks for it. {@link #cancel} may
 * come from any thread; Failsafe's own cancellation ends neither what an attempt waits for nor the
 * waits of a bulkhead or a rate limiter, so this adds both.
 *
 * @param <R> what it results in
 */
public final class FailsafeRun<R> {

  /** Where the running thread is: it is interrupted nowhere but among the policies. */
  private enum Phase {
    POLICIES,
    ATTEMPT,
    BEING_INTERRUPTED,
    INTERRUPTED
  }

  private final FailsafePolicies.Work<R> work;
  private final Call<R> call;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.POLICIES);
  private volatile FailsafePolicies.@Nullable Attempt<R> attempt;
  private volatile @Nullable Thread runner;
  private volatile boolean cancelled;

  FailsafeRun(List<Policy<R>> policies, FailsafePolicies.Work<R> work) {
    this.work = work;
    this.call = Failsafe.with(policies.stream().map(this::sound).toList()).newCall(this::attempt);
  }

  private Policy<R> sound(Policy<R> policy) {
    if (policy instanceof Bulkhead<R> bulkhead) {
      return new SoundBulkhead<>(bulkhead);
    }
    return policy instanceof RetryPolicy<R> retries ? discarding(retries) : policy;
  }

  /** The same, which lets go of a result before it waits for the next attempt. */
  private Policy<R> discarding(RetryPolicy<R> retries) {
    EventListener<ExecutionScheduledEvent<R>> theirs =
        retries.getConfig().getRetryScheduledListener();
    return RetryPolicy.builder(retries.getConfig())
        .onRetryScheduled(
            event -> {
              if (theirs != null) {
                theirs.accept(event);
              }
              work.discard();
            })
        .build();
  }

  /**
   * Runs the work; once.
   *
   * @return what the policies hand out, which may be {@code null}
   * @throws CancellationException if it was cancelled
   * @throws Exception what the work threw, or a policy: an exception of Failsafe's
   */
  public @Nullable R execute() throws Exception {
    runner = Thread.currentThread();
    try {
      if (cancelled) {
        throw new CancellationException("cancelled");
      }
      return call.execute();
    } catch (FailsafeException e) {
      // Failsafe wraps checked exceptions; its own kinds say more than their causes.
      throw e.getClass() == FailsafeException.class && e.getCause() instanceof Exception cause
          ? cause
          : e;
    } finally {
      leavePolicies();
    }
  }

  private R attempt(ExecutionContext<R> context) throws Exception {
    leavePolicies();
    try {
      if (cancelled) {
        throw new CancellationException("cancelled");
      }
      FailsafePolicies.Attempt<R> next = work.next();
      attempt = next;
      context.onCancel(next::abandon);
      if (cancelled || context.isCancelled()) {
        next.abandon();
      }
      return next.run();
    } finally {
      phase.set(Phase.POLICIES);
      if (cancelled) {
        call.cancel(false); // the first time it may have been an attempt that was over already
      }
    }
  }

  /** From here on the thread is not interrupted; an interruption that was meant for waits ends. */
  private void leavePolicies() {
    while (!phase.compareAndSet(Phase.POLICIES, Phase.ATTEMPT)) {
      if (phase.compareAndSet(Phase.INTERRUPTED, Phase.ATTEMPT)) {
        Thread.interrupted();
        return;
      }
      if (phase.get() == Phase.ATTEMPT) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  /** Ends the run at once, wherever it is. From any thread. */
  public void cancel() {
    cancelled = true;
    call.cancel(false);
    FailsafePolicies.Attempt<R> running = attempt;
    if (running != null) {
      running.abandon();
    }
    Thread waiting = runner;
    if (waiting != null && phase.compareAndSet(Phase.POLICIES, Phase.BEING_INTERRUPTED)) {
      waiting.interrupt();
      phase.set(Phase.INTERRUPTED);
    }
  }

  /** Whether it was cancelled. */
  public boolean isCancelled() {
    return cancelled;
  }
}
