package io.meshclient;

import static java.util.Objects.requireNonNull;

import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitOpenException;
import java.io.IOException;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Which destinations have a circuit breaker, with which settings, and what counts as a failure. A
 * value: safe to share, and changed by copies.
 *
 * <pre>{@code
 * BreakerOptions.forAll(BreakerSettings.GUIDE)
 *     .destination("payment-service", BreakerSettings.overCalls(100, 20, 50))
 *     .destination("*.example.com*", BreakerSettings.consecutive(5));
 * }</pre>
 *
 * <p>A destination is a host, short or full as in Istio's YAML, with {@code *} for any characters,
 * and a subset after a slash if only that is meant. A host that no rule and no registry knows bears
 * its port, unless that is the scheme's own; by {@link GuardKey#ROUTE} names are such as {@code
 * VirtualService production/orders http[0]}. The pattern that says most wins.
 */
public final class BreakerOptions {

  /** Tells failures from the rest. Called on the call's thread; must be quick. */
  @FunctionalInterface
  public interface FailureTest {

    /** An exception, or a status of 500 and above: Envoy's and the library's own answers too. */
    FailureTest DEFAULT = (response, failure) -> response == null || response.code() >= 500;

    /**
     * Whether a call failed.
     *
     * @param response its answer, not to be read nor closed; {@code null} if there was none
     * @param failure why there was none; {@code null} if there was one. Never a cancellation.
     */
    boolean isFailure(@Nullable Response response, @Nullable IOException failure);
  }

  /** Answers in place of a destination that is not called. */
  @FunctionalInterface
  public interface Fallback {

    /** An answer for this request, or the exception. */
    Response answer(Request request, CircuitOpenException why) throws IOException;
  }

  private static final int DEFAULT_LIMIT = 1000;

  private final PerDestination<BreakerSettings> settings;
  private final GuardKey key;
  private final FailureTest failures;
  private final @Nullable Fallback fallback;
  private final int limit;

  private BreakerOptions(
      PerDestination<BreakerSettings> settings,
      GuardKey key,
      FailureTest failures,
      @Nullable Fallback fallback,
      int limit) {
    this.settings = settings;
    this.key = key;
    this.failures = failures;
    this.fallback = fallback;
    this.limit = limit;
  }

  /** No breaker yet: to be named by {@link #destination}. */
  public static BreakerOptions none() {
    return new BreakerOptions(
        new PerDestination<>(), GuardKey.HOST_AND_SUBSET, FailureTest.DEFAULT, null, DEFAULT_LIMIT);
  }

  /** A breaker with these settings for each destination. */
  public static BreakerOptions forAll(BreakerSettings settings) {
    return none().destination("*", settings);
  }

  /**
   * A breaker with these settings for the destinations that match.
   *
   * @throws IllegalArgumentException if the pattern is none
   */
  public BreakerOptions destination(String pattern, BreakerSettings settings) {
    requireNonNull(pattern, "pattern");
    requireNonNull(settings, "settings");
    return new BreakerOptions(
        this.settings.with(pattern, settings), key, failures, fallback, limit);
  }

  /** What has a breaker of its own; {@link GuardKey#HOST_AND_SUBSET} by default. */
  public BreakerOptions key(GuardKey key) {
    return new BreakerOptions(settings, requireNonNull(key, "key"), failures, fallback, limit);
  }

  /** What counts as a failure; {@link FailureTest#DEFAULT} by default. */
  public BreakerOptions failures(FailureTest test) {
    return new BreakerOptions(settings, key, requireNonNull(test, "test"), fallback, limit);
  }

  /** Answers instead of throwing {@link CircuitOpenException}. */
  public BreakerOptions fallback(Fallback fallback) {
    return new BreakerOptions(settings, key, failures, requireNonNull(fallback, "fallback"), limit);
  }

  /** How many breakers there may be, at least 1; 1000 by default. Only idle closed ones leave. */
  public BreakerOptions limit(int breakers) {
    if (breakers < 1) {
      throw new IllegalArgumentException("limit: " + breakers + " (expected: at least 1)");
    }
    return new BreakerOptions(settings, key, failures, fallback, breakers);
  }

  PerDestination<BreakerSettings> settings() {
    return settings;
  }

  GuardKey key() {
    return key;
  }

  FailureTest failures() {
    return failures;
  }

  @Nullable Fallback fallback() {
    return fallback;
  }

  int limit() {
    return limit;
  }
}
