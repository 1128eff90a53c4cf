package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import dev.failsafe.Policy;
import dev.failsafe.PolicyConfig;
import dev.failsafe.spi.PolicyExecutor;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CircuitBreaker} as a policy of Failsafe, for any {@code FailsafeExecutor}, synchronous
 * and asynchronous.
 *
 * <pre>{@code
 * FailsafeExecutor<Answer> executor =
 *     Failsafe.with(retryPolicy, FailsafeBreaker.<Answer>of(breaker));
 * }</pre>
 *
 * <p>An execution that the breaker turns away ends with a {@link CircuitOpenException}. Since that
 * is a checked exception, synchronous executions throw Failsafe's {@code FailsafeException} with it
 * as the cause; futures end with it, and other policies see it, as it is.
 *
 * <p>A permit is given back once, however the execution ends. A {@code Timeout} around the breaker
 * that fires is the execution's result, a {@code TimeoutExceededException}. What is cancelled,
 * interrupted, or ends with an {@code Error} counts neither way. Failsafe's standalone {@code
 * Execution}s ask no policy for leave before they run: they count for nothing here.
 *
 * <p>Safe from any thread; a breaker may have several such policies, and be used without them.
 *
 * @param <R> what executions result in
 */
public final class FailsafeBreaker<R> implements Policy<R> {
  private final CircuitBreaker breaker;
  private final BiPredicate<@Nullable R, @Nullable Throwable> failures;
  private final Config<R> config = new Config<>();

  private FailsafeBreaker(
      CircuitBreaker breaker, BiPredicate<@Nullable R, @Nullable Throwable> failures) {
    this.breaker = requireNonNull(breaker, "breaker");
    this.failures = requireNonNull(failures, "failures");
  }

  /** To which every exception is a failure. */
  public static <R> FailsafeBreaker<R> of(CircuitBreaker breaker) {
    return of(breaker, (result, failure) -> failure != null);
  }

  /**
   * To which an execution is a failure if the test says so.
   *
   * @param failures is given the result, or the exception, of which the other is {@code null}; a
   *     result may be {@code null} too
   */
  public static <R> FailsafeBreaker<R> of(
      CircuitBreaker breaker, BiPredicate<@Nullable R, @Nullable Throwable> failures) {
    return new FailsafeBreaker<>(breaker, failures);
  }

  /** The breaker. */
  public CircuitBreaker breaker() {
    return breaker;
  }

  boolean isFailure(@Nullable R result, @Nullable Throwable failure) {
    return failures.test(result, failure);
  }

  @Override
  public PolicyConfig<R> getConfig() {
    return config;
  }

  @Override
  public PolicyExecutor<R> toExecutor(int policyIndex) {
    return new FailsafeBreakerExecutor<>(this, policyIndex);
  }

  /** Listeners are the breaker's own: there are none of Failsafe's. */
  private static final class Config<R> extends PolicyConfig<R> {}
}
