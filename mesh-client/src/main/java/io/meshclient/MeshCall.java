package io.meshclient;

import io.meshclient.context.MeshDeadline;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.HeaderMutations;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.TemplateContext;
import io.meshclient.policy.VirtualHost;
import io.meshclient.policy.WeightedCluster;
import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.EndpointState;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way through the pipeline: what earlier stages leave for later ones, and the
 * material of the {@link Decision}. Confined to the thread that runs the call, but for {@link
 * #decision}, which is published when the call has its answer. Tries that run beside one another
 * have one each: see {@link #fork}.
 */
final class MeshCall implements TemplateContext {
  /** The application's call: the one that it cancels, and that has its time. */
  final Call owner;

  private final CallEvents ownerEvents;

  final Request original;
  final Context context;
  final MeshPolicy policy;
  final long startNanos;

  /** Of the call that runs the present stage: the application's, or a branch of it. */
  Interceptor.Chain chain;

  CallEvents events;

  /** When that call began. */
  long chainNanos;

  /** The request as it stands: the application's, with what stages added. */
  Request request;

  RequestViewOfOkHttp view;

  /** What of the request is the mesh's. */
  Ownership ownership = Ownership.LIBRARY;

  /** What the mesh's proxy told in its answer. */
  @Nullable ProxyReport proxy;

  /** What is wrong with the proxy beside the workload; {@code null} for nothing that is known. */
  @Nullable String localProxy;

  /** The rule's time that the mesh minds; 0 for none that is known. */
  long meshTimeoutNanos;

  @Nullable VirtualHost virtualHost;
  @Nullable Route route;
  RouteAction.@Nullable Forward forward;
  @Nullable WeightedCluster destination;
  double draw = Double.NaN;

  /** What a hash of the request leads by; {@code null} where endpoints are picked otherwise. */
  @Nullable HashKey hashKey;

  /** When the route's time is up; {@link Long#MAX_VALUE} for never. */
  long deadlineNanos = Long.MAX_VALUE;

  /** When the present try began. */
  long tryStartNanos;

  /** When the present try's time is up; never later than the route's. */
  long tryDeadlineNanos = Long.MAX_VALUE;

  /** The destination's state, from the first try on. */
  @Nullable ClusterState upstream;

  /** The endpoint of the present try, or of the last one. */
  volatile @Nullable EndpointState endpoint;

  /** What is recorded of the call. */
  CallTrace trace = CallTrace.OFF;

  /** How many tries went out beside others so far. */
  int hedges;

  final List<EndpointState> tried;
  final List<Decision.Attempt> attempts = new ArrayList<>(2);
  final StringBuilder flags = new StringBuilder(0);
  private @Nullable Response answer;
  private @Nullable RequestViewOfOkHttp seen;
  volatile @Nullable Decision decision;

  MeshCall(
      Interceptor.Chain chain,
      Request request,
      Context context,
      MeshPolicy policy,
      CallEvents events,
      long startNanos) {
    this.owner = chain.call();
    this.ownerEvents = events;
    this.chain = chain;
    this.chainNanos = startNanos;
    this.tried = new ArrayList<>(2);
    this.original = request;
    this.request = request;
    this.context = context;
    this.policy = policy;
    this.events = events;
    this.startNanos = startNanos;
    this.view = new RequestViewOfOkHttp(request);
  }

  /** What is left of the caller's own time, in nanoseconds. */
  long callersNanos() {
    MeshDeadline deadline = MeshDeadline.from(context);
    return deadline == null ? Long.MAX_VALUE : deadline.remaining().toNanos();
  }

  private MeshCall(MeshCall of, List<EndpointState> tried) {
    this.owner = of.owner;
    this.ownerEvents = of.ownerEvents;
    this.chain = of.chain;
    this.chainNanos = of.chainNanos;
    this.events = of.events;
    this.original = of.original;
    this.context = of.context;
    this.policy = of.policy;
    this.startNanos = of.startNanos;
    this.request = of.request;
    this.view = of.view;
    this.ownership = of.ownership;
    this.meshTimeoutNanos = of.meshTimeoutNanos;
    this.virtualHost = of.virtualHost;
    this.route = of.route;
    this.forward = of.forward;
    this.destination = of.destination;
    this.draw = of.draw;
    this.hashKey = of.hashKey;
    this.deadlineNanos = of.deadlineNanos;
    this.upstream = of.upstream;
    this.trace = of.trace;
    this.tried = tried;
  }

  /**
   * The same as it stands, for a try beside others.
   *
   * @param tried shared by them; bears several threads
   */
  MeshCall fork(List<EndpointState> tried) {
    return new MeshCall(this, tried);
  }

  /** Runs stages within a call of their own, on its thread. */
  Response within(Interceptor.Chain inner, CallEvents innerEvents, long nowNanos, Stage.Next stages)
      throws IOException {
    Interceptor.Chain outer = chain;
    CallEvents outerEvents = events;
    long outerNanos = chainNanos;
    chain = inner;
    events = innerEvents;
    chainNanos = nowNanos;
    try {
      return stages.proceed();
    } finally {
      chain = outer;
      events = outerEvents;
      chainNanos = outerNanos;
    }
  }

  /**
   * Whether the application gave the call up: not where its time is over, nor where a policy of the
   * application's waits for it no more.
   */
  boolean isGivenUp() {
    return ownerEvents.isGivenUp(owner);
  }

  /** What stages change that may be run again, as it is before them. */
  record Mark(
      Request request,
      RequestViewOfOkHttp view,
      @Nullable RequestViewOfOkHttp seen,
      int flags,
      int hedges) {}

  Mark mark() {
    return new Mark(request, view, seen, flags.length(), hedges);
  }

  /** The stages behind the mark run again: what was tried stays known, what they changed not. */
  void reset(Mark mark) {
    request = mark.request;
    view = mark.view;
    seen = mark.seen;
    flags.setLength(mark.flags);
    hedges = mark.hedges;
  }

  /** The present try goes to this endpoint. */
  void tries(EndpointState next) {
    endpoint = next;
    tried.add(next);
  }

  /** Replaces the request before it is routed. */
  void request(Request newer) {
    request = newer;
    view = new RequestViewOfOkHttp(newer);
  }

  void flag(String flag) {
    if (flags.indexOf(flag) < 0) {
      flags.append(flags.isEmpty() ? "" : ",").append(flag);
    }
  }

  void answered(Response response, long tookNanos) {
    attempts.add(answer(response, tookNanos));
  }

  void failed(String outcome, long tookNanos) {
    attempts.add(failure(outcome, tookNanos));
  }

  /** The present try, which was answered. */
  Decision.Attempt answer(Response response, long tookNanos) {
    return attempt("answered", response.code(), protocol(response.protocol()), tookNanos);
  }

  /** The present try, which failed. */
  Decision.Attempt failure(String outcome, long tookNanos) {
    return attempt(outcome, 0, "", tookNanos);
  }

  static String protocol(Protocol protocol) {
    return switch (protocol) {
      case HTTP_2, H2_PRIOR_KNOWLEDGE -> "HTTP/2";
      case HTTP_1_1 -> "HTTP/1.1";
      default -> protocol.toString();
    };
  }

  private Decision.Attempt attempt(String outcome, int status, String protocol, long tookNanos) {
    EndpointState at = endpoint;
    String name = at == null ? view.authority() : at.endpoint().toString();
    return new Decision.Attempt(name, status, outcome, protocol, Duration.ofNanos(tookNanos));
  }

  /** The operations on the answer of the route that was chosen. */
  List<HeaderMutations> responseMutations() {
    if (destination != null) {
      return destination.response();
    }
    if (route != null && route.action() instanceof RouteAction.Direct direct) {
      return direct.response();
    }
    return route != null && route.action() instanceof RouteAction.Redirect redirect
        ? redirect.response()
        : List.of();
  }

  void answer(Response response) {
    answer = response;
  }

  /** Shows header operations the request with these headers. */
  void sees(Headers headers) {
    seen = new RequestViewOfOkHttp(request.newBuilder().headers(headers).build());
  }

  Decision decide(int status, @Nullable IOException failure, long nowNanos) {
    Cluster cluster = destination == null ? null : destination.cluster();
    Decision made =
        new Decision(
            original.method(),
            view.authority(),
            view.pathAndQuery(),
            virtualHost == null ? null : virtualHost.name(),
            route == null ? null : route.rule(),
            route == null ? "" : route.describe(),
            cluster(),
            cluster == null ? "" : cluster.service(),
            cluster == null ? "" : cluster.subset(),
            draw,
            attempts,
            status,
            flags.toString(),
            failure == null ? null : failure.toString(),
            Duration.ofNanos(nowNanos - startNanos),
            ownership,
            proxy,
            localProxy);
    decision = made;
    return made;
  }

  @Override
  public RequestViewOfOkHttp request() {
    return seen == null ? view : seen;
  }

  @Override
  public @Nullable String routeName() {
    return route == null ? null : route.name();
  }

  @Override
  public String cluster() {
    return destination == null ? "" : destination.clusterName();
  }

  @Override
  public int responseCode() {
    return answer == null || !isFromEndpoint(answer) ? 0 : answer.code();
  }

  private static boolean isFromEndpoint(Response answer) {
    return answer.networkResponse() != null || answer.cacheResponse() != null;
  }

  @Override
  public @Nullable String responseHeader(String name) {
    return answer == null ? null : answer.header(name);
  }

  @Override
  public @Nullable String upstreamHost() {
    EndpointState at = endpoint;
    return at == null ? null : at.endpoint().hostPort();
  }

  @Override
  public String responseFlags() {
    return flags.toString();
  }
}
