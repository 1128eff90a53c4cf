package io.meshclient;

import io.meshclient.policy.MeshPolicy;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The pipeline's place in OkHttp: an application interceptor, above OkHttp's own. */
final class MeshInterceptor implements Interceptor {
  private final Pipeline pipeline;
  private final FollowUps followUps;
  private final Supplier<@Nullable MeshPolicy> policy;
  private final Consumer<Decision> listener;
  private final MeshClock clock;
  private final CallsUnderWay calls;
  private final ClientTelemetry telemetry;
  private final boolean othersTrace;

  /**
   * @param policy the one in force; {@code null} once the client is closed
   * @param listener hears each decision; what it throws is its own affair
   * @param othersTrace whether another instrumentation makes a span of each try
   */
  MeshInterceptor(
      StageSettings settings,
      MirrorStage mirrors,
      FollowUps followUps,
      Supplier<@Nullable MeshPolicy> policy,
      Consumer<Decision> listener,
      ClientTelemetry telemetry,
      boolean othersTrace) {
    this.telemetry = telemetry;
    this.othersTrace = othersTrace;
    this.followUps = followUps;
    this.policy = policy;
    this.listener = listener;
    this.clock = settings.clock();
    this.calls = settings.calls();
    Stage endpoint = new AttemptStage(new EndpointStage(settings), settings.outbound());
    this.pipeline =
        new Pipeline(
            new PropagationStage(settings.outbound()), // what came in goes on
            new ControlHeadersStage(), // but not what steers an Envoy
            new ResponseHeadersStage(), // whatever the answer is, the route's operations apply
            new OwnershipStage(settings.owners()), // what of it all is the mesh's
            new RoutingStage(
                settings.draws(),
                settings.retriesAboveMesh()), // virtual host, route, destination; 404, redirects
            new FailsafeStage(settings), // the application's policies, around all that follows
            new RateLimitStage(settings), // the application's: above the breaker, since what
            new BulkheadStage(settings), // they refuse is no failure of the destination
            new BreakerStage(settings), // the application's: one result for each call
            new FaultStage(settings.draws()), // a delay outside all times, then an abort
            new RewriteStage(), // headers, path, Host
            mirrors, // copies, which nobody waits for
            new RetryStage(settings), // the route's time, tries, back-off
            new HedgeStage(settings, endpoint), // one try, or a second one beside it
            endpoint); // endpoint, connection, answer; a span of its own
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    CallEvents events = CallEvents.of(chain.call());
    Context context = events.context(request);
    calls.begin();
    try {
      return recorded(chain, request, context, events);
    } finally {
      calls.end();
    }
  }

  private Response recorded(Chain chain, Request request, Context context, CallEvents events)
      throws IOException {
    CallTrace trace = telemetry.begin(request, context, othersTrace);
    if (trace == CallTrace.OFF) {
      return run(chain, request, context, events, trace);
    }
    try (Scope scope = trace.context().makeCurrent()) {
      return trace.answered(run(chain, request, trace.context(), events, trace));
    } catch (IOException | RuntimeException | Error e) {
      trace.failed(e);
      throw e;
    }
  }

  /** Follows where redirects lead; the answer is that to the application's own request. */
  private Response run(
      Chain chain, Request request, Context context, CallEvents events, CallTrace trace)
      throws IOException {
    Response response = followUps.run(request, hop -> hop(chain, hop, context, events, trace));
    return response.newBuilder().request(request).build();
  }

  private Response hop(
      Chain chain, Request request, Context context, CallEvents events, CallTrace trace)
      throws IOException {
    MeshPolicy inForce = policy.get();
    if (inForce == null) {
      throw new MeshClosedException();
    }
    MeshCall call = new MeshCall(chain, request, context, inForce, events, clock.nanoTime());
    trace.runs(call);
    try {
      Response response = pipeline.run(call);
      settle(chain.call(), call, response.code(), null);
      return response;
    } catch (IOException e) {
      settle(chain.call(), call, 0, e);
      throw e;
    } catch (RuntimeException e) {
      // OkHttp loses it where the call was enqueued: the application would wait for ever.
      MeshCallException failure = new MeshCallException("the call failed within a stage", e);
      settle(chain.call(), call, 0, failure);
      throw failure;
    }
  }

  private void settle(Call owner, MeshCall call, int status, @Nullable IOException failure) {
    Decision decision = call.decide(status, failure, clock.nanoTime());
    owner.tag(DecisionHolder.class, DecisionHolder::new).decision = decision;
    listener.accept(decision);
  }

  /** Where a call keeps the decision of its last hop. */
  static final class DecisionHolder {
    volatile @Nullable Decision decision;
  }
}
