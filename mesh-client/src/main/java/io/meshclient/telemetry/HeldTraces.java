package io.meshclient.telemetry;

import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The traces of this process that are recorded and not sampled, with what has ended of them so far;
 * those that are over stay known for a while, without spans, for what ends behind their root.
 * Bounded in number and in age. Safe from any thread.
 */
final class HeldTraces {
  static final int MOST_TRACES = 1000;
  static final int MOST_SPANS = 100;

  /** How long one waits for a root that does not end. */
  static final long OPEN_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** How long one is known that is over. */
  static final long OVER_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * What is known of a trace.
   *
   * @param open how many of its spans that have no parent in this process have not ended
   * @param wanted whether one of those that ended had it reported
   * @param since when the last of them began or ended
   */
  record Trace(int open, boolean wanted, long since, List<ReadableSpan> spans) {
    Trace {
      spans = List.copyOf(spans);
    }

    /** Whether its spans wait for the decision. */
    boolean isOpen() {
      return open > 0 && !wanted;
    }

    private boolean isOld(long now) {
      return now - since > (open > 0 ? OPEN_NANOS : OVER_NANOS);
    }

    private Trace with(ReadableSpan span) {
      if (!isOpen() || spans.size() >= MOST_SPANS) {
        return this;
      }
      List<ReadableSpan> more = new ArrayList<>(spans);
      more.add(span);
      return new Trace(open, wanted, since, more);
    }
  }

  private final ConcurrentHashMap<String, Trace> traces = new ConcurrentHashMap<>();
  private final LongSupplier clock;
  private final AtomicLong nextSweep;

  /**
   * @param clock as {@link System#nanoTime}
   */
  HeldTraces(LongSupplier clock) {
    this.clock = clock;
    this.nextSweep = new AtomicLong(clock.getAsLong() + SWEEP_NANOS);
  }

  /** A span of the trace begins that has no parent in this process. */
  void begin(String id) {
    long now = clock.getAsLong();
    long due = nextSweep.get();
    if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP_NANOS)) {
      traces.values().removeIf(trace -> trace.isOld(now));
    }
    if (traces.size() >= MOST_TRACES && !traces.containsKey(id)) {
      traces.values().removeIf(trace -> trace.open() == 0);
      if (traces.size() >= MOST_TRACES) {
        return;
      }
    }
    traces.compute(
        id,
        (key, before) ->
            before == null
                ? new Trace(1, false, now, List.of())
                : new Trace(before.open() + 1, before.wanted(), now, before.spans()));
  }

  /** Keeps a span, if its trace waits for a decision; {@code null} for a trace nobody knows. */
  @Nullable Trace hold(String id, ReadableSpan span) {
    return traces.computeIfPresent(id, (key, trace) -> trace.with(span));
  }

  /** What is known of a trace, {@code null} for nothing. */
  @Nullable Trace get(String id) {
    return traces.get(id);
  }

  /**
   * A span of the trace has ended that has no parent in this process.
   *
   * @return what was held of the trace, if it is wanted
   */
  List<ReadableSpan> end(String id, boolean wanted) {
    List<ReadableSpan> held = new ArrayList<>();
    traces.computeIfPresent(
        id,
        (key, trace) -> {
          int open = Math.max(trace.open() - 1, 0);
          if (wanted) {
            held.addAll(trace.spans());
          }
          List<ReadableSpan> left = wanted || open == 0 ? List.of() : trace.spans();
          return new Trace(open, trace.wanted() || wanted, clock.getAsLong(), left);
        });
    return held;
  }

  /** How many traces are known. */
  int size() {
    return traces.size();
  }
}
