package io.meshclient;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.RetryPolicy;
import io.meshclient.resilience.Hedging;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Makes one try, or several at once where the application asked for hedges: of requests that may be
 * carried out twice, where neither the rule nor the request forbids it.
 */
final class HedgeStage implements Stage {

  /** Idempotent by RFC 9110, 9.2.2, and of use to applications. */
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  private final DestinationSettings<Hedging> settings;
  private final Race.Means means;

  /**
   * @param tries the stage that makes one try
   */
  HedgeStage(StageSettings settings, Stage tries) {
    this.settings = settings.hedging();
    this.means = Race.Means.of(settings, tries);
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Hedging hedging = settings.of(call);
    if (hedging == null || hedging.extraTries() <= call.hedges || !mayBeHedged(call)) {
      return next.proceed();
    }
    RequestBody body = call.request.body();
    if (body != null) {
      RequestBody copy = BodyCopy.of(body);
      if (copy == null) {
        return next.proceed();
      }
      call.request = call.request.newBuilder().method(call.request.method(), copy).build();
    }
    HashKey.settle(call, cluster(call)); // one for all tries
    return new Race(call, hedging, means).run();
  }

  private static boolean mayBeHedged(MeshCall call) {
    Request request = call.request;
    RetryPolicy policy = Objects.requireNonNull(call.forward).retryPolicy();
    return METHODS.contains(request.method())
        && policy.retries() > 0 // a rule without retries wants one try
        && !Hedging.NONE.equals(request.tag(Hedging.class))
        && Branches.canRun(request)
        && cluster(call).discovery() != Cluster.Discovery.ORIGINAL;
  }

  private static Cluster cluster(MeshCall call) {
    return Objects.requireNonNull(Objects.requireNonNull(call.destination).cluster());
  }
}
