package io.meshclient.resilience;

import static io.meshclient.resilience.Interleavings.expect;
import static io.meshclient.resilience.Interleavings.together;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bulkhead is never over its limit, and no place of it is lost. */
@Tag("interleavings")
class BulkheadInterleavingsTest {

  private static Bulkhead bulkhead(int concurrent, int waiting) {
    return new Bulkhead(
        "payment", BulkheadSettings.of(concurrent).waiting(waiting, Duration.ofSeconds(1)));
  }

  @Test
  void bulkhead_isNeverOverItsLimit() {
    Interleavings.each(
        () -> {
          Bulkhead bulkhead = new Bulkhead("payment", BulkheadSettings.of(1));
          AtomicInteger inside = new AtomicInteger();
          AtomicInteger most = new AtomicInteger();
          Runnable call =
              () -> {
                try (Bulkhead.Permit permit = bulkhead.ask()) {
                  if (permit.isHeld()) {
                    int now = inside.incrementAndGet();
                    most.accumulateAndGet(now, Math::max);
                    inside.decrementAndGet();
                  }
                }
              };
          together(call, call, call);
          expect("at once", most.get(), 1);
          expect("active", bulkhead.active(), 0);
        });
  }

  @Test
  void place_thatComesFreeWhileOneQueues_isHandedToIt() {
    Interleavings.each(
        () -> {
          Bulkhead bulkhead = bulkhead(1, 1);
          Bulkhead.Permit first = bulkhead.ask();
          Bulkhead.Permit[] second = new Bulkhead.Permit[1];
          together(first::close, () -> second[0] = bulkhead.ask());
          expect("second is held", second[0].isHeld());
          expect("waiting", bulkhead.waiting(), 0);
        });
  }

  @Test
  void place_handedToOneThatLeaves_isNotLost() {
    Interleavings.each(
        () -> {
          Bulkhead bulkhead = bulkhead(1, 2);
          Bulkhead.Permit first = bulkhead.ask();
          Bulkhead.Permit leaves = bulkhead.ask();
          Bulkhead.Permit stays = bulkhead.ask();
          together(first::close, leaves::close);
          expect("the other is held", stays.isHeld());
          stays.close();
          expect("active", bulkhead.active(), 0);
          expect("waiting", bulkhead.waiting(), 0);
        });
  }
}
