package io.meshclient.examples.demo;

import io.meshclient.examples.demo.Check.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/** What callers notice of a service that is down altogether. */
final class BreakerCheck {
  private static final int FAILURES = 3;
  private static final int TURNED_AWAY = 20;
  private static final int MOST_FAILURES = 10;
  private static final Duration PATIENCE = Fleet.BREAKER_OPEN.plusSeconds(28);

  private final Front front;
  private final Fleet fleet;

  BreakerCheck(Front front, Fleet fleet) {
    this.front = front;
    this.fleet = fleet;
  }

  Check check() {
    return new Check(
        "payment-service down, both its pods", "open after 3, < 1 ms, then closed", this::run);
  }

  private Result run(IntConsumer progress) throws IOException, InterruptedException {
    fleet.pod(Fleet.PAYMENT).fault("503");
    fleet.pod(Fleet.OTHER_PAYMENT).fault("503");
    int failures = 0;
    Call last = payment();
    while (!last.isTurnedAway() && failures < MOST_FAILURES) {
      progress.accept(++failures);
      last = payment();
    }
    long[] micros = new long[TURNED_AWAY];
    boolean none = true;
    for (int i = 0; i < TURNED_AWAY; i++) {
      progress.accept(failures + i + 1);
      Call call = payment();
      micros[i] = call.micros();
      none &= call.isTurnedAway() && call.attempts().isEmpty();
    }
    long median = LongStream.of(micros).sorted().skip(TURNED_AWAY / 2).findFirst().orElseThrow();
    fleet.pod(Fleet.PAYMENT).fault("");
    fleet.pod(Fleet.OTHER_PAYMENT).fault("");
    long closedAfter = untilClosed();
    return new Result(
        failures == FAILURES && none && median < 1000 && closedAfter >= 0,
        failures
            + " failed, "
            + median
            + " µs unsent, "
            + (closedAfter < 0 ? "still open" : "closed in " + closedAfter + " ms"),
        List.of(afterColon(last.failure())));
  }

  /** The exception's message, without its kind. */
  private static String afterColon(String failure) {
    int colon = failure.indexOf(": ");
    return colon < 0 ? failure : failure.substring(colon + 2);
  }

  /** How long it takes until calls are answered again, in milliseconds; -1 if they are not. */
  private long untilClosed() throws IOException, InterruptedException {
    long start = System.nanoTime();
    int answered = 0;
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      answered = payment().status() == 200 ? answered + 1 : 0;
      if (answered == 2) { // the probe, and a call that the closed breaker lets through
        return (System.nanoTime() - start) / 1_000_000;
      }
      Thread.sleep(answered == 0 ? 50 : 0);
    }
    return -1;
  }

  private Call payment() throws IOException, InterruptedException {
    return front.get("/pay", Fleet.BY_ONE_ORDER_POD).payment();
  }
}
