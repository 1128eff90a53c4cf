package io.meshclient.acceptance.security;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.replay.CaseReplay;
import io.meshclient.acceptance.replay.RequestOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One run of a case: all its requests in order, once, when the first outcome is asked for. */
final class SecurityRun implements CaseReplay {

  private final SecurityCase securityCase;
  private final List<JsonObject> expected;
  private final Driver.Factory drivers;
  private final FutureTask<List<RequestOutcome>> task = new FutureTask<>(this::replay);
  private volatile List<String> problems = List.of();

  SecurityRun(SecurityCase securityCase, List<JsonObject> expected, Driver.Factory drivers) {
    this.securityCase = securityCase;
    this.expected = expected;
    this.drivers = drivers;
  }

  @Override
  public String name() {
    return securityCase.name();
  }

  @Override
  public String description() {
    return securityCase.description();
  }

  @Override
  public List<String> requests() {
    return securityCase.requests().stream().map(SecurityRequest::name).toList();
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  @Override
  public List<RequestOutcome> outcomes() {
    task.run();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + name(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(name(), e.getCause());
    }
  }

  private List<RequestOutcome> replay() {
    List<RequestOutcome> outcomes = new ArrayList<>();
    try (Driver driver = drivers.open(securityCase)) {
      problems = driver.problems();
      for (int i = 0; i < expected.size(); i++) {
        outcomes.add(replay(securityCase.requests().get(i), expected.get(i), driver));
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      securityCase.requests().stream()
          .skip(outcomes.size())
          .forEach(request -> outcomes.add(RequestOutcome.broken(request.name(), e)));
    }
    return List.copyOf(outcomes);
  }

  private static RequestOutcome replay(SecurityRequest request, JsonObject want, Driver driver) {
    try {
      JsonObject seen = driver.send(Outbound.of(request, want));
      return RequestOutcome.compared(
          request.name(),
          seen,
          SecurityComparison.differences(request, want, seen, driver.compared(), driver.unseen()));
    } catch (IOException | RuntimeException | LinkageError e) {
      return RequestOutcome.broken(request.name(), e);
    }
  }
}
