package io.meshclient.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A breaker with a clock that the test moves, no chance in its jitter, and its events. */
final class BreakerFixture {
  static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  final AtomicLong nanos = new AtomicLong(-5_000_000_000L); // tickers may begin anywhere
  final List<BreakerEvent> events = new ArrayList<>();
  final CircuitBreaker breaker;

  /** What the jitter draws: the middle, which changes nothing. */
  double draw = 0.5;

  BreakerFixture(BreakerSettings settings) {
    long start = nanos.get();
    breaker =
        new CircuitBreaker(
            "payment-service",
            settings,
            nanos::get,
            new BreakerListeners(),
            () -> EPOCH.plusNanos(nanos.get() - start),
            () -> draw);
    breaker.onTransition(events::add);
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failure(breaker.tryAcquire(), "HTTP 503");
    }
  }

  void succeed(int times) {
    for (int i = 0; i < times; i++) {
      breaker.success(breaker.tryAcquire());
    }
  }

  List<String> transitions() {
    return events.stream().map(event -> event.from() + " to " + event.to()).toList();
  }
}
