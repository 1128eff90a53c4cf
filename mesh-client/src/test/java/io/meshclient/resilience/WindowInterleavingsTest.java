package io.meshclient.resilience;

import static io.meshclient.resilience.Interleavings.expect;
import static io.meshclient.resilience.Interleavings.together;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What windows and calls in flight add up to after any interleaving. */
@Tag("interleavings")
class WindowInterleavingsTest {
  private static final int PASSED = Outcome.SEEN;
  private static final int FAILED = Outcome.SEEN | Outcome.FAILED;
  private static final int SLOW = Outcome.SEEN | Outcome.SLOW;
  private static final Rates RATES = new Rates(2, 100, 100);

  @Test
  void count_window_adds_up_to_its_ring() {
    Interleavings.each(
        () -> {
          CountWindow window = new CountWindow(2, RATES, BreakerCounts.NONE);
          together(
              () -> window.record(FAILED, 0, 0),
              () -> window.record(SLOW, 0, 0),
              () -> window.record(PASSED, 0, 0));
          expect("calls", window.counts(0).calls(), 2L);
          window.record(PASSED, 0, 0);
          window.record(PASSED, 0, 0);
          expect("after two successes", window.counts(0), new BreakerCounts(2, 0, 0, 0));
        });
  }

  @Test
  void count_window_that_is_overtaken_shows_no_more_than_it_has_room_for() {
    Interleavings.each(
        () -> {
          CountWindow window = new CountWindow(1, RATES, BreakerCounts.NONE);
          AtomicReference<BreakerCounts> seen = new AtomicReference<>(BreakerCounts.NONE);
          together(
              () -> window.record(FAILED, 0, 0),
              () -> {
                window.record(PASSED, 0, 0);
                seen.set(window.counts(0));
              });
          expect("failures of one call: " + seen.get(), seen.get().failures() <= 1);
          expect("slow of one call: " + seen.get(), seen.get().slow() <= 1);
        });
  }

  @Test
  void time_window_counts_each_outcome_once() {
    Interleavings.each(
        () -> {
          TimeWindow window = new TimeWindow(1000, RATES, BreakerCounts.NONE, 1);
          together(
              () -> window.record(FAILED, 550, 0),
              () -> window.record(SLOW | FAILED, 550, 0),
              () -> window.record(PASSED, 650, 0));
          expect("counts", window.counts(650), new BreakerCounts(3, 2, 1, 0));
        });
  }

  @Test
  void time_window_that_moves_on_has_no_more_failures_than_calls() {
    Interleavings.each(
        () -> {
          TimeWindow window = new TimeWindow(1000, RATES, BreakerCounts.NONE, 1);
          together(() -> window.record(FAILED, 50, 0), () -> window.record(FAILED, 1050, 0));
          BreakerCounts counts = window.counts(1050);
          expect("failures are calls: " + counts, counts.failures(), counts.calls());
          expect("the young one counts: " + counts, counts.calls() >= 1);
        });
  }

  @Test
  void consecutive_window_opens_for_the_last_of_a_row() {
    Interleavings.each(
        () -> {
          ConsecutiveWindow window = new ConsecutiveWindow(3, 0);
          AtomicInteger opened = new AtomicInteger();
          Runnable fail = () -> opened.addAndGet(window.record(FAILED, 0, 0) ? 1 : 0);
          together(fail, fail, fail);
          expect("opened", opened.get(), 1);
        });
  }

  @Test
  void consecutive_window_with_a_success_in_between_has_a_shorter_row() {
    Interleavings.each(
        () -> {
          ConsecutiveWindow window = new ConsecutiveWindow(3, 1);
          AtomicInteger opened = new AtomicInteger();
          Runnable fail = () -> opened.addAndGet(window.record(FAILED, 0, 0) ? 1 : 0);
          together(fail, fail, () -> window.record(PASSED, 0, 0));
          long row = window.counts(0).failures();
          // Either the success was last, or what remains is what came after it.
          expect("row that is left: " + row, opened.get() == 0 ? row <= 2 : row == 0);
        });
  }

  @Test
  void calls_in_flight_come_out_even_when_a_place_is_taken_over() {
    Interleavings.each(
        () -> {
          InFlight inFlight = new InFlight(800);
          inFlight.begin(50);
          together(
              () -> inFlight.end(50),
              () -> inFlight.begin(1650),
              () -> {
                inFlight.begin(60);
                inFlight.end(60);
              });
          expect("slow", inFlight.slow(100_000), 1L);
          inFlight.end(1650);
          expect("slow when all have ended", inFlight.slow(100_000), 0L);
          inFlight.begin(3250);
          expect("slow when one began since", inFlight.slow(100_000), 1L);
        });
  }
}
