package io.meshclient.policy;

import com.google.re2j.Pattern;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.HttpRoute;
import io.meshclient.istio.HttpRoute.BackendRef;
import io.meshclient.istio.HttpRoute.Filter;
import io.meshclient.istio.HttpRoute.Match;
import io.meshclient.istio.HttpRoute.PathModifier;
import io.meshclient.istio.HttpRoute.PathModifierType;
import io.meshclient.istio.HttpRoute.PathType;
import io.meshclient.istio.HttpRoute.ValueMatch;
import io.meshclient.istio.HttpRoute.ValueType;
import io.meshclient.istio.Order;
import io.meshclient.istio.VirtualService.Retries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routes of the HTTPRoutes whose parent is a Service (Gateway API, GAMMA). Those of the
 * service's own namespace hold for all callers, those of another for callers in that namespace.
 */
final class HttpRoutes {

  /** A match, and the rank that Gateway API gives it. */
  private record Candidate(Match match, int index, HttpRoute.Rule rule, Rule origin, String owner) {
    int pathRank() {
      PathType type = pathType(match);
      return type == PathType.Exact ? 2 : type == PathType.PathPrefix ? 1 : 0;
    }

    int pathLength() {
      return pathValue(match).length();
    }
  }

  private static final Match EVERYTHING =
      new Match(null, List.of(), List.of(), null, io.meshclient.istio.Location.NONE);

  /** What Istio retries beside the codes that a rule names. */
  private static final String ON_CONNECTING =
      "connect-failure,refused-stream,unavailable,cancelled";

  private static final Comparator<Candidate> PRECEDENCE =
      Comparator.comparingInt(Candidate::pathRank)
          .thenComparingInt(Candidate::pathLength)
          .thenComparingInt(c -> c.match().method() == null ? 0 : 1)
          .thenComparingInt(c -> c.match().headers().size())
          .thenComparingInt(c -> c.match().queryParams().size())
          .reversed();

  private final List<HttpRoute> routes;
  private final Workload workload;
  private final Destinations destinations;
  private final RetryCompiler retries;
  private final Problems problems;
  private final MirrorCompiler mirrors;

  HttpRoutes(
      Configuration configuration,
      Workload workload,
      Destinations destinations,
      RetryCompiler retries,
      Problems problems) {
    EngineChecks checks = new EngineChecks(problems);
    this.routes =
        Order.oldestFirst(configuration.all(HttpRoute.class), workload.namespace()).stream()
            .filter(checks::isSound)
            .toList();
    this.workload = workload;
    this.destinations = destinations;
    this.retries = retries;
    this.problems = problems;
    this.mirrors = new MirrorCompiler(destinations);
  }

  /** The routes for one port of a service; {@code null} where no HTTPRoute names it. */
  @Nullable List<Route> compile(MeshService service, int port) {
    List<Candidate> candidates = new ArrayList<>();
    boolean named = false;
    for (HttpRoute route : routes) {
      String owner = route.metadata().namespaceOr(workload.namespace());
      boolean ours = owner.equals(service.namespace()) || owner.equals(workload.namespace());
      if (ours
          && route.spec().parentRefs().stream().anyMatch(p -> names(p, owner, service, port))) {
        named = true;
        addCandidates(candidates, route, owner);
      }
    }
    if (!named) {
      return null;
    }
    return candidates.stream().sorted(PRECEDENCE).map(c -> route(c, port)).toList();
  }

  private boolean names(HttpRoute.ParentRef parent, String owner, MeshService service, int port) {
    String namespace = parent.namespace() == null ? owner : parent.namespace();
    String host = parent.name() + "." + namespace + ".svc." + workload.domain();
    return "Service".equals(parent.kind())
        && (parent.group() == null || parent.group().isEmpty())
        && service.host().equals(host)
        && (parent.port() == null || parent.port() == port || port == PolicyCompiler.ANY_PORT);
  }

  private static void addCandidates(List<Candidate> candidates, HttpRoute route, String owner) {
    List<HttpRoute.Rule> rules = route.spec().rules();
    for (int r = 0; r < rules.size(); r++) {
      HttpRoute.Rule rule = rules.get(r);
      Rule origin = Rule.of(route, owner, rule.location(), "rules[" + r + "]", rule.name());
      List<Match> matches = rule.matches().isEmpty() ? List.of(EVERYTHING) : rule.matches();
      for (int m = 0; m < matches.size(); m++) {
        candidates.add(new Candidate(matches.get(m), m, rule, origin, owner));
      }
    }
  }

  private Route route(Candidate candidate, int port) {
    Match match = candidate.match();
    List<Condition> conditions = new ArrayList<>();
    if (match.method() != null) {
      conditions.add(
          new Condition.Header(":method", new StringMatcher.Exact(match.method(), false), false));
    }
    for (ValueMatch header : match.headers()) {
      conditions.add(new Condition.Header(Names.lower(header.name()), matcher(header), false));
    }
    for (ValueMatch parameter : match.queryParams()) {
      conditions.add(new Condition.Query(parameter.name(), matcher(parameter)));
    }
    return new Route(
        candidate.origin(),
        candidate.rule().matches().isEmpty() ? "" : "matches[" + candidate.index() + "]",
        path(match),
        conditions,
        action(candidate, port));
  }

  private static StringMatcher matcher(ValueMatch match) {
    return match.type() == ValueType.RegularExpression
        ? new StringMatcher.Regex(Pattern.compile(match.value()))
        : new StringMatcher.Exact(match.value(), false);
  }

  private static PathType pathType(Match match) {
    return match.path() == null || match.path().type() == null
        ? PathType.PathPrefix
        : match.path().type();
  }

  private static String pathValue(Match match) {
    return match.path() == null || match.path().value() == null ? "/" : match.path().value();
  }

  private static PathMatch path(Match match) {
    String value = pathValue(match);
    return switch (pathType(match)) {
      case Exact -> new PathMatch.Exact(value, false);
      case RegularExpression ->
          new PathMatch.Regex(new StringMatcher.Regex(Pattern.compile(value)));
      case PathPrefix ->
          value.equals("/")
              ? PathMatch.ANY
              : new PathMatch.SegmentPrefix(
                  value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
    };
  }

  /** A destination's own filters may do no more than change headers, as in Istio. */
  private void checkFilters(List<Filter> filters, boolean ofRule) {
    for (Filter filter : filters) {
      boolean carriedOut =
          switch (filter.type()) {
            case RequestHeaderModifier, ResponseHeaderModifier -> true;
            case RequestMirror, RequestRedirect, URLRewrite -> ofRule;
            case CORS, ExtensionRef, ExternalAuth -> false;
          };
      if (!carriedOut) {
        problems.add(
            Problems.Code.NOT_CARRIED_OUT,
            filter.location(),
            filter.location().path(),
            filter.type()
                + " is not carried out "
                + (ofRule ? "by this version" : "here")
                + "; the rest of the rule is");
      }
    }
  }

  private RouteAction action(Candidate candidate, int port) {
    HttpRoute.Rule rule = candidate.rule();
    checkFilters(rule.filters(), true);
    rule.backendRefs().forEach(ref -> checkFilters(ref.filters(), false));
    HeaderMutations response = HeaderMutations.NONE;
    HeaderMutations request = HeaderMutations.NONE;
    PathRewrite rewrite = null;
    String hostRewrite = null;
    for (Filter filter : rule.filters()) {
      request = request.then(GatewayHeaders.compile(filter.requestHeaderModifier()));
      response = response.then(GatewayHeaders.compile(filter.responseHeaderModifier()));
      if (filter.urlRewrite() != null) {
        rewrite = rewrite(filter.urlRewrite().path());
        hostRewrite = filter.urlRewrite().hostname();
      }
    }
    for (Filter filter : rule.filters()) {
      if (filter.requestRedirect() != null) {
        return redirect(filter.requestRedirect(), port, response);
      }
    }
    List<WeightedCluster> backends = backends(candidate, port, request, response);
    boolean hashed = backends.size() == 1 && backends.get(0).hashes();
    return new RouteAction.Forward(
        backends,
        rewrite,
        hostRewrite,
        timeout(rule),
        retries.compile(retries(rule), hashed),
        null,
        mirrors(candidate, port));
  }

  private List<MirrorPolicy> mirrors(Candidate candidate, int port) {
    List<MirrorPolicy> found = new ArrayList<>();
    for (Filter filter : candidate.rule().filters()) {
      if (filter.requestMirror() != null) {
        mirrors.add(found, filter.requestMirror(), candidate.owner(), port, workload.domain());
      }
    }
    return found;
  }

  /** As Istio has it: a slash at the end is no part of what replaces a prefix. */
  private static @Nullable PathRewrite rewrite(@Nullable PathModifier modifier) {
    if (modifier == null) {
      return null;
    }
    if (modifier.type() == PathModifierType.ReplaceFullPath) {
      return new PathRewrite.Whole(or(modifier.replaceFullPath(), "/"));
    }
    String prefix = or(modifier.replacePrefixMatch(), "/");
    String trimmed = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return trimmed.isEmpty() ? new PathRewrite.PrefixTakenOff() : new PathRewrite.Prefix(trimmed);
  }

  private static RouteAction redirect(
      HttpRoute.Redirect redirect, int listenPort, HeaderMutations response) {
    int port = redirect.port() == null ? 0 : redirect.port();
    if (redirect.port() == null && redirect.scheme() == null) {
      port = listenPort == PolicyCompiler.ANY_PORT ? RouteAction.Redirect.REQUEST_PORT : listenPort;
    }
    String scheme = redirect.scheme() == null ? "http" : redirect.scheme();
    if (port == 80 && scheme.equals("http") || port == 443 && scheme.equals("https")) {
      port = 0;
    }
    PathModifier path = redirect.path();
    String full =
        path != null && path.type() == PathModifierType.ReplaceFullPath
            ? or(path.replaceFullPath(), "/")
            : null;
    return new RouteAction.Redirect(
        redirect.statusCode() == null ? 302 : redirect.statusCode(),
        redirect.scheme(),
        redirect.hostname(),
        port,
        full,
        full == null && path != null
            ? new PathRewrite.Prefix(or(path.replacePrefixMatch(), "/"))
            : null,
        List.of(response));
  }

  /** A backend that does not exist, and a rule without any, answers 500. */
  private List<WeightedCluster> backends(
      Candidate candidate, int port, HeaderMutations request, HeaderMutations response) {
    List<WeightedCluster> clusters = new ArrayList<>();
    List<BackendRef> refs =
        candidate.rule().backendRefs().stream()
            .filter(ref -> ref.weight() == null || ref.weight() > 0)
            .toList();
    for (BackendRef ref : refs) {
      clusters.add(backend(ref, candidate.owner(), port, refs.size() == 1, request, response));
    }
    if (clusters.isEmpty()) {
      clusters.add(new WeightedCluster("", null, 1, 500, List.of(), List.of(), null));
    }
    return clusters;
  }

  private WeightedCluster backend(
      BackendRef ref,
      String owner,
      int port,
      boolean single,
      HeaderMutations request,
      HeaderMutations response) {
    HeaderMutations ownRequest = HeaderMutations.NONE;
    HeaderMutations ownResponse = HeaderMutations.NONE;
    for (Filter filter : ref.filters()) {
      ownRequest = ownRequest.then(GatewayHeaders.compile(filter.requestHeaderModifier()));
      ownResponse = ownResponse.then(GatewayHeaders.compile(filter.responseHeaderModifier()));
    }
    String namespace = ref.namespace() == null ? owner : ref.namespace();
    String host = ref.name() + "." + namespace + ".svc." + workload.domain();
    Destinations.Found found =
        destinations.find(host, null, ref.port(), namespace, port, ref.location());
    return new WeightedCluster(
        found.name(),
        found.cluster(),
        ref.weight() == null ? 1 : ref.weight(),
        500,
        RouteCompiler.levels(single, request, ownRequest),
        RouteCompiler.levels(single, response, ownResponse),
        null);
  }

  /** With retries {@code backendRequest} bounds a try, without them the only one: the request. */
  private static long timeout(HttpRoute.Rule rule) {
    if (rule.timeouts() == null) {
      return 0;
    }
    long whole = PoolCompiler.nanos(rule.timeouts().request());
    long ofTry = PoolCompiler.nanos(rule.timeouts().backendRequest());
    return rule.retry() == null && ofTry > 0 ? ofTry : whole;
  }

  private static @Nullable Retries retries(HttpRoute.Rule rule) {
    if (rule.retry() == null) {
      return null;
    }
    return new Retries(
        rule.retry().attempts() == null ? 2 : rule.retry().attempts(),
        rule.timeouts() == null ? null : rule.timeouts().backendRequest(),
        rule.retry().codes().stream()
            .map(code -> "," + code)
            .collect(Collectors.joining("", ON_CONNECTING, "")),
        null,
        null,
        rule.retry().backoff(),
        rule.location());
  }

  private static String or(@Nullable String value, String otherwise) {
    return value == null ? otherwise : value;
  }
}
