package io.meshclient;

import static java.util.Objects.requireNonNull;

import io.meshclient.policy.Workload;
import io.meshclient.resilience.BreakerEvent;
import io.meshclient.resilience.BreakerListeners;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of a {@link MeshClient}, one for each destination that was called and has
 * settings. They live as long as the client, whatever becomes of its configuration.
 *
 * <p>Safe from any thread.
 */
public final class CircuitBreakers {
  private final BreakerOptions options;
  private final Workload workload;
  private final MeshClock clock;
  private final Supplier<Meter> meter;
  private final Guards<CircuitBreaker> breakers;
  private final BreakerListeners listeners = new BreakerListeners();
  private final ReentrantLock changing = new ReentrantLock();
  private volatile PerDestination<BreakerSettings> settings;

  private volatile @Nullable BreakerMetrics metrics;

  CircuitBreakers(MeshClientBuilder builder) {
    this.options = builder.breakers();
    this.workload = builder.workload();
    this.clock = builder.clock();
    // Asked for at the first breaker: by then the application may have set it up.
    this.meter = () -> builder.openTelemetry().getMeter("io.meshclient");
    this.settings = options.settings();
    this.breakers =
        new Guards<>(options.key(), options.limit(), this::make, CircuitBreakers::isIdle);
  }

  private @Nullable CircuitBreaker make(String name) {
    BreakerSettings own = settingsOf(name);
    if (own == null) {
      return null;
    }
    observe();
    return new CircuitBreaker(name, own, clock::nanoTime, listeners);
  }

  /** Sets the metrics up; within the lock under which breakers are made. */
  private void observe() {
    if (metrics == null) {
      BreakerMetrics made = new BreakerMetrics(meter.get(), this::all);
      metrics = made;
      listeners.add(made::transition);
    }
  }

  private @Nullable BreakerSettings settingsOf(String name) {
    return settings.of(name, workload.namespace(), workload.domain());
  }

  private static boolean isIdle(CircuitBreaker breaker) {
    return breaker.state() == CircuitBreaker.State.CLOSED && breaker.counts().failures() == 0;
  }

  BreakerOptions options() {
    return options;
  }

  /** The breaker of a call's destination; {@code null} if it has none. */
  @Nullable CircuitBreaker of(MeshCall call) {
    return settings.isEmpty() ? null : breakers.of(call);
  }

  /** Those there are now: of destinations that were called. */
  public List<CircuitBreaker> all() {
    return breakers.all();
  }

  /** The breaker of that name, such as {@code payment-service.production.svc.cluster.local/v2}. */
  public @Nullable CircuitBreaker find(String name) {
    return breakers.find(requireNonNull(name, "name"));
  }

  /**
   * Changes the settings of the destinations that match, from now on: breakers keep their state.
   *
   * @param destinations as in {@link BreakerOptions#destination}
   * @throws IllegalArgumentException if the pattern is none
   */
  public void settings(String destinations, BreakerSettings newer) {
    requireNonNull(destinations, "destinations");
    requireNonNull(newer, "newer");
    changing.lock();
    try {
      settings = settings.with(destinations, newer);
      breakers.forgetUnguarded();
      breakers.each(this::change);
    } finally {
      changing.unlock();
    }
  }

  private void change(CircuitBreaker breaker) {
    BreakerSettings own = settingsOf(breaker.name());
    if (own != null && !own.equals(breaker.settings())) {
      breaker.settings(own);
    }
  }

  /** Hears of the transitions of all breakers, on the thread that made one; must not block. */
  public void onTransition(Consumer<BreakerEvent> listener) {
    listeners.add(listener);
  }

  /** How many ways from calls to breakers are kept at hand. */
  int handles() {
    return breakers.handles();
  }

  /** Takes the metrics back. */
  void close() {
    changing.lock();
    try {
      BreakerMetrics observing = metrics;
      if (observing != null) {
        observing.close();
      }
    } finally {
      changing.unlock();
    }
  }
}
