package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of one request, and what. For one thread. */
final class Recorded {
  private static final Logger log = LoggerFactory.getLogger(Recorded.class);

  private final ServerWatch watch;
  private final ServerTelemetry telemetry;
  private ServerWatch.@Nullable Seen seen;
  private @Nullable ServerTrace trace;
  private @Nullable AccessVerdict verdict;

  Recorded(ServerWatch watch, ServerTelemetry telemetry) {
    this.watch = watch;
    this.telemetry = telemetry;
  }

  /**
   * A request has come.
   *
   * @return the context in which it is handled
   */
  Context begin(Inbound request, long startedNanos) {
    seen = watch.begun(request, startedNanos);
    ServerTrace begun = telemetry.begin(request, startedNanos);
    trace = begun;
    return begun == null ? Context.current() : begun.context();
  }

  void decided(@Nullable AccessVerdict what) {
    verdict = what;
  }

  /** The request goes on by this id, its own or one that was made. */
  void named(@Nullable String id) {
    if (trace != null) {
      trace.named(id);
    }
  }

  void failed(Throwable failure) {
    if (trace != null) {
      trace.failed(failure);
    }
  }

  /** The answer is complete. What fails now must not change it any more. */
  void end(int status) {
    try {
      if (seen != null) {
        seen.ended(verdict, status);
      }
    } catch (RuntimeException e) {
      log.warn("A request was not recorded", e);
    }
    try {
      if (trace != null) {
        trace.ended(verdict);
      }
    } catch (RuntimeException e) {
      log.warn("A request was not recorded", e);
    }
  }
}
