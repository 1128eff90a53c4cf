package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each request, at debug, without its query: tokens may be in it. */
final class AccessLines implements ServerWatch {
  private static final Logger log = LoggerFactory.getLogger("io.meshclient.access");

  private final LongSupplier clock;

  AccessLines(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public Seen begun(Inbound request, long startedNanos) {
    return log.isDebugEnabled()
        ? (verdict, status) -> write(request, startedNanos, verdict, status)
        : (verdict, status) -> {};
  }

  private void write(Inbound request, long started, @Nullable AccessVerdict verdict, int status) {
    log.debug(
        "{} {} {} from {} peer {} principal {} rule {} in {} ms",
        status,
        DenialLog.printable(request.method()),
        DenialLog.printable(Paths.raw(request.target())),
        request.connection().source().getHostAddress(),
        request.connection().peer() == null ? "-" : request.connection().peer(),
        verdict == null || verdict.requestPrincipal() == null
            ? "-"
            : DenialLog.printable(verdict.requestPrincipal()),
        verdict == null || verdict.rule() == null ? "-" : verdict.rule(),
        TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - started));
  }
}
