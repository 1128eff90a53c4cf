package io.meshclient.acceptance.conformance;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.backend.Waits;
import io.meshclient.acceptance.replay.CaseReplay;
import io.meshclient.acceptance.replay.RequestOutcome;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One run of a case: all its requests in order, once, when the first of them is asked for. */
final class CaseRun implements CaseReplay, Runnable {
  private static final int MOST_RUNS = 4;

  /**
   * Runs of a case that differs only where chance decides: of the corpus' comparisons, the worst
   * fails once in two hundred runs, as what was recorded of it is far from its own weights.
   */
  private static final int CHANCES = 3;

  private final ConformanceCase conformanceCase;
  private final List<JsonObject> expected;
  private final Driver.Factory drivers;
  private final Backends backends;
  private final boolean stopsAtFirstFailure;
  private final FutureTask<List<RequestOutcome>> task = new FutureTask<>(this::replay);
  private volatile List<String> problems = List.of();

  /**
   * @param stopsAtFirstFailure for a case that is expected to fail: what follows would only wait
   */
  CaseRun(
      ConformanceCase conformanceCase,
      List<JsonObject> expected,
      Driver.Factory drivers,
      Backends backends,
      boolean stopsAtFirstFailure) {
    this.conformanceCase = conformanceCase;
    this.expected = expected;
    this.drivers = drivers;
    this.backends = backends;
    this.stopsAtFirstFailure = stopsAtFirstFailure;
  }

  ConformanceCase conformanceCase() {
    return conformanceCase;
  }

  @Override
  public String name() {
    return conformanceCase.name();
  }

  @Override
  public String description() {
    return conformanceCase.description();
  }

  @Override
  public List<String> requests() {
    return conformanceCase.requests().stream().map(CaseRequest::name).toList();
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  /** Runs the case unless that is done or under way. */
  @Override
  public void run() {
    task.run();
  }

  @Override
  public List<RequestOutcome> outcomes() {
    run();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + conformanceCase.name(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(conformanceCase.name(), e.getCause());
    }
  }

  /**
   * A case that fails while the machine stands still has run by another schedule than its own: that
   * run says nothing, and there is another one. So there is where chance may have led too far.
   */
  private List<RequestOutcome> replay() {
    for (int run = 1; ; run++) {
      try (Stalls stalls = Stalls.watching()) {
        List<RequestOutcome> outcomes = replayOnce();
        boolean passed = outcomes.stream().allMatch(RequestOutcome::passed);
        boolean again = stalls.happened() || (run < CHANCES && mayBeChance(outcomes));
        if (passed || run == MOST_RUNS || !again) {
          return outcomes;
        }
      }
    }
  }

  private boolean mayBeChance(List<RequestOutcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      RequestOutcome outcome = outcomes.get(i);
      boolean fails = !outcome.passed() && outcome.ran();
      if (fails && !Comparison.leansOnChance(conformanceCase.requests().get(i))) {
        return false;
      }
    }
    return true;
  }

  private List<RequestOutcome> replayOnce() {
    List<RequestOutcome> outcomes = new ArrayList<>();
    try (Driver driver = drivers.open(conformanceCase)) {
      problems = driver.problems();
      Waits.pause(conformanceCase.settle());
      for (int i = 0; i < conformanceCase.requests().size(); i++) {
        CaseRequest request = conformanceCase.requests().get(i);
        boolean ended = stopsAtFirstFailure && !outcomes.stream().allMatch(RequestOutcome::passed);
        outcomes.add(
            ended
                ? RequestOutcome.notRun(request.name())
                : replay(request, expected.get(i), driver));
      }
    } catch (InterruptedIOException | RuntimeException | LinkageError e) {
      int done = outcomes.size();
      conformanceCase.requests().stream()
          .skip(done)
          .forEach(request -> outcomes.add(RequestOutcome.broken(request.name(), e)));
    }
    return List.copyOf(outcomes);
  }

  private RequestOutcome replay(CaseRequest request, JsonObject want, Driver driver) {
    try {
      List<Exchange> exchanges = new RequestReplay(request, driver, backends).run();
      JsonObject observed = Observation.of(request, exchanges);
      return RequestOutcome.compared(
          request.name(), observed, Comparison.differences(request, want, observed));
    } catch (Exception e) {
      return RequestOutcome.broken(request.name(), e);
    }
  }
}
