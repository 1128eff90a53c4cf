package io.meshclient;

import io.meshclient.context.MeshDeadline;
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
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way through the pipeline: what earlier stages leave for later ones, and the
 * material of the {@link Decision}. Confined to the thread that runs the call, but for {@link
 * #decision}, which is published when the call has its answer.
 */
final class MeshCall implements TemplateContext {
  final Interceptor.Chain chain;
  final Request original;
  final Context context;
  final MeshPolicy policy;
  final long startNanos;
  final CallEvents events;

  /** The request as it stands: the application's, with what stages added. */
  Request request;

  RequestViewOfOkHttp view;
  @Nullable VirtualHost virtualHost;
  @Nullable Route route;
  RouteAction.@Nullable Forward forward;
  @Nullable WeightedCluster destination;
  double draw = Double.NaN;

  /** What a hash of the request leads by; {@code null} where endpoints are picked otherwise. */
  @Nullable HashKey hashKey;

  /** When the route's time is up; {@link Long#MAX_VALUE} for never. */
  long deadlineNanos = Long.MAX_VALUE;

  /** When the present try's time is up; never later than the route's. */
  long tryDeadlineNanos = Long.MAX_VALUE;

  /** The destination's state, from the first try on. */
  @Nullable ClusterState upstream;

  final List<EndpointState> tried = new ArrayList<>(2);
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
    this.chain = chain;
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
    attempt("answered", response.code(), protocol(response.protocol()), tookNanos);
  }

  void failed(String outcome, long tookNanos) {
    attempt(outcome, 0, "", tookNanos);
  }

  private static String protocol(Protocol protocol) {
    return switch (protocol) {
      case HTTP_2, H2_PRIOR_KNOWLEDGE -> "HTTP/2";
      case HTTP_1_1 -> "HTTP/1.1";
      default -> protocol.toString();
    };
  }

  private void attempt(String outcome, int status, String protocol, long tookNanos) {
    EndpointState endpoint = tried.isEmpty() ? null : tried.get(tried.size() - 1);
    String name = endpoint == null ? view.authority() : endpoint.endpoint().toString();
    attempts.add(
        new Decision.Attempt(name, status, outcome, protocol, Duration.ofNanos(tookNanos)));
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
            Duration.ofNanos(nowNanos - startNanos));
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
    return tried.isEmpty() ? null : tried.get(tried.size() - 1).endpoint().hostPort();
  }

  @Override
  public String responseFlags() {
    return flags.toString();
  }
}
