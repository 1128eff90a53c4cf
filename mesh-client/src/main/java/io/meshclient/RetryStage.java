package io.meshclient;

import io.meshclient.context.MeshDeadline;
import io.meshclient.policy.RetryPolicy;
import io.meshclient.policy.RouteAction;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.Response;

/**
 * Tries again as the route says, within the route's time, and turns what is left of failures into
 * the answers that Envoy gives.
 */
final class RetryStage implements Stage {
  private final MeshClock clock;
  private final RetryBudgets budgets;
  private final TryTimes times;

  RetryStage(StageSettings settings) {
    this.clock = settings.clock();
    this.budgets = settings.budgets();
    this.times = new TryTimes(clock, settings.sendsDeadline());
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    RouteAction.Forward forward = Objects.requireNonNull(call.forward);
    RetryPolicy policy = forward.retryPolicy();
    long start = clock.nanoTime();
    call.deadlineNanos = deadline(call, forward, start);
    if (timeIsUp(call)) {
      return timeout(call);
    }
    int most =
        policy.retries() > 0 && RetryDecision.isReplayable(call.request.body())
            ? policy.retries()
            : 0;
    RetryPermit permit = RetryPermit.ofRequest(budgets.of(call, policy));
    try {
      return run(call, policy, most, permit, next);
    } finally {
      permit.giveBack();
    }
  }

  private Response run(MeshCall call, RetryPolicy policy, int most, RetryPermit permit, Next next)
      throws IOException {
    for (int retry = 0; ; retry++) {
      times.begin(call, policy);
      Response response = null;
      Failure failure = null;
      try {
        response = next.proceed();
        call.answered(response, times.took(call));
      } catch (Failure e) {
        failure = e;
        call.failed(words(e), times.took(call));
      } catch (IOException e) {
        call.failed(words(e), times.took(call));
        throw e;
      }
      permit.giveBack();
      boolean retriable =
          failure == null
              ? RetryDecision.retries(policy, Objects.requireNonNull(response))
              : RetryDecision.retries(policy, failure.kind);
      if (failure != null && failure.kind == Failure.Kind.TRY_TIMEOUT && timeIsUp(call)) {
        return timeout(call);
      }
      if (!retriable || retry >= most) {
        if (retriable && most > 0) {
          call.flag("URX");
        }
        return response != null ? response : answer(call, Objects.requireNonNull(failure), retry);
      }
      if (!permit.take(call.upstream)) {
        call.flag("UO");
        return response != null ? response : answer(call, Objects.requireNonNull(failure), retry);
      }
      if (response != null) {
        response.close();
      }
      if (!backOff(call, policy, retry)) {
        return timeout(call);
      }
    }
  }

  /** The route's time, or what the caller has left of its own if that is shorter. */
  private static long deadline(MeshCall call, RouteAction.Forward forward, long start) {
    long ofRoute = forward.timeoutNanos() == 0 ? Long.MAX_VALUE : start + forward.timeoutNanos();
    MeshDeadline ofCaller = MeshDeadline.from(call.context);
    if (ofCaller == null) {
      return ofRoute;
    }
    long other = ofCaller.nanoTime();
    return ofRoute == Long.MAX_VALUE || other - ofRoute < 0 ? other : ofRoute;
  }

  /** Waits before a retry; {@code false} if the route's time is up first. */
  private boolean backOff(MeshCall call, RetryPolicy policy, int retry) throws IOException {
    long bound = policy.baseIntervalNanos() << Math.min(retry, 20);
    bound = Math.min(Math.max(bound, 1), policy.maxIntervalNanos());
    long wait = ThreadLocalRandom.current().nextLong(bound);
    long left =
        call.deadlineNanos == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : call.deadlineNanos - clock.nanoTime();
    call.events.pause(call.chain.call(), Math.min(wait, Math.max(left, 0)), "waiting to retry");
    return wait < left;
  }

  private boolean timeIsUp(MeshCall call) {
    return call.deadlineNanos != Long.MAX_VALUE
        && call.deadlineNanos - clock.nanoTime() <= EndpointStage.SLACK_NANOS;
  }

  static Response timeout(MeshCall call) {
    call.flag("UT");
    return LocalReply.of(call.original, 504, LocalReply.TIMEOUT);
  }

  /** Of an identity the application hears from the library itself: no proxy would say so much. */
  private static Response answer(MeshCall call, Failure failure, int retries)
      throws PeerIdentityException {
    call.flag(failure.kind.flag);
    if (failure.getCause() instanceof PeerIdentityException refused) {
      throw refused;
    }
    return switch (failure.kind) {
      case TRY_TIMEOUT -> LocalReply.of(call.original, 504, LocalReply.TIMEOUT);
      case NO_ENDPOINT -> LocalReply.of(call.original, 503, LocalReply.NO_HEALTHY_UPSTREAM);
      case OVERFLOW ->
          LocalReply.of(call.original, 503, LocalReply.connectError("overflow", retries > 0))
              .newBuilder()
              .header("x-envoy-overloaded", "true")
              .build();
      default ->
          LocalReply.of(
              call.original, 503, LocalReply.connectError(failure.kind.reason, retries > 0));
    };
  }

  /** How a try went wrong. */
  static String words(IOException e) {
    return e instanceof Failure failure ? words(failure) : e.toString();
  }

  /** Envoy's words, which tell the kind of a failure, then the JDK's, which tell more. */
  private static String words(Failure failure) {
    return switch (failure.kind) {
      case TRY_TIMEOUT -> "timeout";
      case NO_ENDPOINT -> LocalReply.NO_HEALTHY_UPSTREAM;
      default -> failure.kind.reason + detail(failure);
    };
  }

  private static String detail(Failure failure) {
    Throwable root = failure.getCause();
    if (root == null) {
      return "";
    }
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return ": " + (root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
  }
}
