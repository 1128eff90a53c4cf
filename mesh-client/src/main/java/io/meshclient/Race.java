package io.meshclient;

import io.meshclient.policy.RetryPolicy;
import io.meshclient.resilience.Hedging;
import io.meshclient.resilience.RetryBudget;
import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.EndpointState;
import io.meshclient.upstream.Upstreams;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Response;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one call that are under way at once. The first runs on the caller's thread, the
 * others on threads of their own, each as a branch with a state of its own. The first good answer
 * wins and ends the others; where none is good, the last to end is what came of it. For one use.
 */
final class Race {

  /**
   * What races are run by.
   *
   * @param tries makes one try
   */
  record Means(
      Stage tries,
      Branches branches,
      Hedges hedges,
      RetryBudgets budgets,
      Upstreams upstreams,
      TryTimes times) {
    static Means of(StageSettings settings, Stage tries) {
      return new Means(
          tries,
          settings.branches(),
          settings.hedges(),
          settings.budgets(),
          settings.upstreams(),
          new TryTimes(settings.clock(), settings.sendsDeadline()));
    }
  }

  private final MeshCall call;
  private final Hedging settings;
  private final Means means;
  private final RetryPolicy policy;
  private final RetryBudget budget;
  private final ClusterState cluster;
  private final Thread caller = Thread.currentThread();

  /** What tries have gone to, so that the next one looks for another endpoint. */
  private final List<EndpointState> tried;

  private final ReentrantLock lock = new ReentrantLock(); // never held for I/O
  private final List<Entrant> entrants = new ArrayList<>(2); // by lock
  private int running; // by lock
  private boolean closed; // by lock: no other try begins
  private boolean left; // by lock: nobody waits for an answer any more
  private @Nullable Delay delay; // by lock
  private volatile @Nullable Entrant decided;

  Race(MeshCall call, Hedging settings, Means means) {
    this.call = call;
    this.settings = settings;
    this.means = means;
    this.policy = Objects.requireNonNull(call.forward).retryPolicy();
    this.budget = means.budgets.ofHedges(call, policy);
    this.cluster =
        means.upstreams.of(
            Objects.requireNonNull(Objects.requireNonNull(call.destination).cluster()));
    this.tried = new CopyOnWriteArrayList<>(call.tried);
  }

  Response run() throws IOException {
    call.events.delegate(this::cancel);
    Entrant handedOut = null;
    try {
      Entrant first = enter();
      if (first == null) {
        throw new IOException("Canceled");
      }
      waitForNext();
      first.run();
      Entrant outcome = await();
      takeOver(outcome);
      handedOut = outcome;
      return outcome.answer();
    } finally {
      leave(handedOut);
    }
  }

  private Entrant await() throws IOException {
    if (decided == null) {
      call.events.waitWhile(() -> decided == null, call.chain.call(), Long.MAX_VALUE);
    }
    Entrant outcome = decided;
    if (outcome != null) {
      return outcome;
    }
    throw Thread.currentThread().isInterrupted() && !call.chain.call().isCanceled()
        ? new InterruptedIOException("interrupted while waiting for a hedge")
        : new IOException("Canceled");
  }

  /** Another try; {@code null} if there is to be none. */
  private @Nullable Entrant enter() {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      Entrant entrant = new Entrant(entrants.isEmpty());
      entrants.add(entrant);
      running++;
      return entrant;
    } finally {
      lock.unlock();
    }
  }

  /** Lets another try go out after the delay. */
  private void waitForNext() {
    lock.lock();
    try {
      if (!closed && call.hedges + entrants.size() <= settings.extraTries()) {
        delay = new Delay();
        delay.timeout(settings.delay().toNanos(), TimeUnit.NANOSECONDS);
        delay.enter();
      }
    } finally {
      lock.unlock();
    }
  }

  /** On a thread of its own. */
  private void hedge() {
    if (isClosed()) {
      return;
    }
    RetryPermit permit = new RetryPermit(budget);
    if (!permit.take(cluster)) {
      return;
    }
    try {
      Entrant entrant = enter();
      if (entrant != null) {
        waitForNext();
        entrant.run();
      }
    } finally {
      permit.giveBack();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** A try has ended, by an answer's headers or without. */
  private void ended(Entrant entrant, @Nullable Response response, @Nullable IOException failure) {
    List<Entrant> losers = List.of();
    boolean decides;
    lock.lock();
    try {
      running--;
      decides = decided == null && !left && (isGood(response) || running == 0);
      if (decides) {
        entrant.response = response;
        entrant.failure = failure;
        losers = others(entrant);
        decided = entrant;
      } else if (decided == null) {
        entrant.attempt = entrant.attempt(response, failure);
      }
      close();
    } finally {
      lock.unlock();
    }
    if (decides) {
      losers.forEach(loser -> loser.branch.cancel());
      LockSupport.unpark(caller);
    } else if (response != null) {
      response.close();
    }
  }

  private boolean isGood(@Nullable Response response) {
    return response != null && response.code() < 500 && !RetryDecision.retries(policy, response);
  }

  private List<Entrant> others(@Nullable Entrant than) {
    List<Entrant> others = new ArrayList<>(entrants);
    others.remove(than);
    return others;
  }

  /** No other try begins: one has ended, and what follows is for retries to say. */
  private void close() {
    closed = true;
    Delay pending = delay;
    if (pending != null) {
      delay = null;
      pending.exit();
    }
  }

  /** The call goes on as if the outcome's try had been its own; the decision names all. */
  private void takeOver(Entrant outcome) {
    lock.lock();
    try {
      for (Entrant other : others(outcome)) {
        call.attempts.add(other.attempt == null ? other.overtaken() : other.attempt);
      }
      call.hedges += entrants.size() - 1;
    } finally {
      lock.unlock();
    }
    call.tried.clear();
    call.tried.addAll(tried);
    call.endpoint = outcome.fork.endpoint;
    call.upstream = outcome.fork.upstream;
    call.tryStartNanos = outcome.fork.tryStartNanos;
  }

  /** The caller has its answer, or goes without: nothing else is left behind. */
  private void leave(@Nullable Entrant handedOut) {
    List<Entrant> others;
    Entrant unwanted;
    lock.lock();
    try {
      close();
      left = true;
      others = others(handedOut);
      unwanted = decided == handedOut ? null : decided;
    } finally {
      lock.unlock();
    }
    others.forEach(other -> other.branch.cancel());
    if (unwanted != null && unwanted.response != null) {
      unwanted.response.close();
    }
  }

  /** The whole call is cancelled: its answer too, which may be read still. From any thread. */
  private void cancel() {
    List<Entrant> all;
    lock.lock();
    try {
      close();
      all = others(null);
    } finally {
      lock.unlock();
    }
    all.forEach(entrant -> entrant.branch.cancel());
  }

  /** Until another try goes out; okio's thread, which must not be held up, hands it on. */
  private final class Delay extends AsyncTimeout {
    @Override
    protected void timedOut() {
      means.hedges.start(call.context.wrap(Race.this::hedge));
    }
  }

  /** One try. */
  private final class Entrant {
    final MeshCall fork = call.fork(tried);
    final okhttp3.Call branch;
    volatile @Nullable Response response;
    volatile @Nullable IOException failure;
    Decision.@Nullable Attempt attempt; // by lock

    /**
     * @param first the one whose events the application's listeners hear
     */
    Entrant(boolean first) {
      means.times.begin(fork, policy);
      branch = means.branches.of(fork, first, () -> means.tries.run(fork, Entrant::none));
    }

    private static Response none() {
      throw new IllegalStateException("a stage behind the last (expected: none)");
    }

    void run() {
      Response got = null;
      IOException failed = new MeshCallException("the try ended with an error", null);
      try {
        got = branch.execute();
      } catch (IOException e) {
        failed = e;
      } catch (RuntimeException e) {
        failed = new MeshCallException("the call failed within a stage", e);
      } finally {
        ended(this, got, got == null ? failed : null);
      }
    }

    Response answer() throws IOException {
      IOException failed = failure;
      if (failed != null) {
        throw failed;
      }
      return Objects.requireNonNull(response);
    }

    Decision.Attempt attempt(@Nullable Response got, @Nullable IOException failed) {
      return got != null
          ? fork.answer(got, means.times.took(fork))
          : fork.failure(RetryStage.words(Objects.requireNonNull(failed)), means.times.took(fork));
    }

    Decision.Attempt overtaken() {
      return fork.failure("overtaken by another try", means.times.took(fork));
    }
  }
}
