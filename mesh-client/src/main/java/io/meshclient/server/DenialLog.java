package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells of refused requests, and of at most a hundred in a second: whoever is refused must not fill
 * a disk. Queries and header values, which may hold secrets, are not in it. Safe from any thread.
 */
final class DenialLog {
  private static final int MOST = 100;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Logger log;
  private final LongSupplier clock;
  private final AtomicLong second = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong told = new AtomicLong();

  /**
   * @param clock monotonic, in nanoseconds
   */
  DenialLog(Logger log, LongSupplier clock) {
    this.log = log;
    this.clock = clock;
  }

  void add(Inbound request, String details, @Nullable AccessVerdict verdict) {
    long now = Math.floorDiv(clock.getAsLong(), SECOND);
    long before = second.getAndSet(now);
    if (before != now) {
      long most = told.getAndSet(0);
      if (most > MOST) {
        log.warn("Denied, and not told of: {} more", most - MOST);
      }
    }
    if (told.incrementAndGet() > MOST) {
      return;
    }
    log.warn(
        "Denied: {} {} from {}, {}: {}{}",
        printable(request.method()),
        printable(Paths.raw(request.target())),
        request.connection().source().getHostAddress(),
        request.connection().peer() == null ? "no identity" : request.connection().peer(),
        details,
        verdict == null || verdict.reasons().isEmpty()
            ? ""
            : "; " + String.join("; ", verdict.reasons()));
  }

  /** What a client sends must not begin a line of its own. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 200); i++) {
      char c = text.charAt(i);
      printable.append(c >= ' ' && c < 127 ? c : '?');
    }
    return printable.toString();
  }
}
