package io.meshclient;

import io.meshclient.policy.Workload;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits of one kind, one for each service or host that was called and has settings. They live as
 * long as the client, whatever becomes of its configuration. Safe from any thread.
 *
 * @param <S> the settings
 * @param <L> the limit
 */
final class Limits<S, L> {
  private static final int MOST = 1000;

  /** A kind of limits. */
  interface Kind<S, L> {
    L make(String name, S settings);

    /** Whether nothing would be missed if it were made anew. */
    boolean isIdle(L limit);

    GuardMetrics<L> metrics(Meter meter, Supplier<List<L>> limits);
  }

  private final PerDestination<S> settings;
  private final Workload workload;
  private final Kind<S, L> kind;
  private final Supplier<Meter> meter;
  private final Guards<L> limits;
  private final ReentrantLock closing = new ReentrantLock();
  private @Nullable GuardMetrics<L> metrics;

  Limits(PerDestination<S> settings, MeshClientBuilder builder, Kind<S, L> kind) {
    this.settings = settings;
    this.workload = builder.workload();
    this.kind = kind;
    // Asked for at the first limit: by then the application may have set it up.
    this.meter = () -> builder.openTelemetry().getMeter("io.meshclient");
    this.limits = new Guards<>(GuardKey.HOST, MOST, this::make, kind::isIdle);
  }

  /** The limit of a call's destination; {@code null} if it has none. */
  @Nullable L of(MeshCall call) {
    return settings.isEmpty() ? null : limits.of(call);
  }

  private @Nullable L make(String name) {
    S own = settings.of(name, workload.namespace(), workload.domain());
    if (own == null) {
      return null;
    }
    observe();
    return kind.make(name, own);
  }

  private void observe() {
    closing.lock();
    try {
      if (metrics == null) {
        metrics = kind.metrics(meter.get(), this::all);
      }
    } finally {
      closing.unlock();
    }
  }

  /** Those there are now: of destinations that were called. */
  List<L> all() {
    return limits.all();
  }

  /** Takes the metrics back. */
  void close() {
    closing.lock();
    try {
      if (metrics != null) {
        metrics.close();
      }
    } finally {
      closing.unlock();
    }
  }
}
