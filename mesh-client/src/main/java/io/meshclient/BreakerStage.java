package io.meshclient;

import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.CircuitOpenException;
import java.io.IOException;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The application's circuit breaker: above all tries, so that what counts is how a call ended, once
 * for each call, whoever retried it. Attempts are for ejection.
 */
final class BreakerStage implements Stage {
  private final CircuitBreakers breakers;
  private final BreakerOptions.FailureTest failures;
  private final BreakerOptions.@Nullable Fallback fallback;

  BreakerStage(StageSettings settings) {
    this.breakers = settings.breakers();
    this.failures = breakers.options().failures();
    this.fallback = breakers.options().fallback();
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    CircuitBreaker breaker = breakers.of(call);
    if (breaker == null) {
      return next.proceed();
    }
    long permit;
    try {
      permit = breaker.acquire();
    } catch (CircuitOpenException e) {
      if (fallback == null) {
        throw e;
      }
      return fallback.answer(call.original, e);
    }
    return run(call, next, breaker, permit);
  }

  private Response run(MeshCall call, Next next, CircuitBreaker breaker, long permit)
      throws IOException {
    boolean ended = false;
    try {
      Response response = next.proceed();
      boolean failed = isFailure(response);
      ended = true;
      if (failed) {
        breaker.failure(permit, new Status(response.code()));
      } else {
        breaker.success(permit);
      }
      return response;
    } catch (IOException e) {
      if (!call.isGivenUp() && failures.isFailure(null, e)) {
        ended = true;
        breaker.failure(permit, e);
      }
      throw e;
    } finally {
      if (!ended) {
        breaker.giveBack(permit); // cancelled, no failure by the test's word, or an Error
      }
    }
  }

  private boolean isFailure(Response response) {
    try {
      return failures.isFailure(response, null);
    } catch (RuntimeException e) {
      response.close(); // the application gets the exception in its place
      throw e;
    }
  }

  /** What a status that failed is called; put into words only if the breaker opens. */
  private record Status(int code) {
    @Override
    public String toString() {
      return "HTTP " + code;
    }
  }
}
