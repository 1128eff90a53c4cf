package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import dev.failsafe.Policy;
import dev.failsafe.RetryPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Policies of Failsafe, to be run around the calls of a destination.
 *
 * <pre>{@code
 * FailsafePolicies.of(
 *     Fallback.<Response>ofException(e -> new StockUnknownException(e.getLastException())),
 *     Bulkhead.<Response>of(20),
 *     Timeout.<Response>of(Duration.ofSeconds(2)));
 * }</pre>
 *
 * <p>Safe from any thread. Policies with a state, such as Bulkhead and RateLimiter, have one state
 * for all that runs under this object.
 *
 * @param <R> what calls result in
 */
public final class FailsafePolicies<R> {

  /** What is run under the policies, on the thread that asks for the result. */
  public interface Work<R> {
    /** Another attempt, to be run next. */
    Attempt<R> next();

    /** The results so far are of no use: another attempt will follow, after a wait maybe. */
    void discard();
  }

  /** One attempt. */
  public interface Attempt<R> {
    /** Runs it. */
    R run() throws Exception;

    /** Ends it: a policy, or the caller, waits no more. From any thread. */
    void abandon();
  }

  private final List<Policy<R>> policies;

  private FailsafePolicies(List<Policy<R>> policies) {
    this.policies = List.copyOf(policies);
  }

  /** These policies: each around those after it, as in {@code Failsafe.with}. */
  @SafeVarargs
  public static <R> FailsafePolicies<R> of(Policy<R> outermost, Policy<R>... inner) {
    List<Policy<R>> all = new ArrayList<>();
    all.add(requireNonNull(outermost, "outermost"));
    for (Policy<R> policy : inner) {
      all.add(requireNonNull(policy, "inner"));
    }
    return new FailsafePolicies<>(all);
  }

  /** One run of work under the policies. */
  public FailsafeRun<R> begin(Work<R> work) {
    return new FailsafeRun<>(policies, requireNonNull(work, "work"));
  }

  /** How often they run work at most, which is more than once with a RetryPolicy; -1 for ever. */
  public int attempts() {
    long product = 1;
    for (Policy<R> policy : policies) {
      if (policy instanceof RetryPolicy<R> retries) {
        int most = retries.getConfig().getMaxAttempts();
        if (most < 0) {
          return -1;
        }
        product = Math.min(Integer.MAX_VALUE, product * most);
      }
    }
    return (int) product;
  }

  @Override
  public String toString() {
    return policies.toString();
  }
}
