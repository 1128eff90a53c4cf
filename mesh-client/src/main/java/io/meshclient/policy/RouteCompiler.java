package io.meshclient.policy;

import com.google.re2j.Pattern;
import io.meshclient.istio.StringMatch;
import io.meshclient.istio.VirtualService.DerivePort;
import io.meshclient.istio.VirtualService.DirectResponse;
import io.meshclient.istio.VirtualService.Headers;
import io.meshclient.istio.VirtualService.HttpRule;
import io.meshclient.istio.VirtualService.Match;
import io.meshclient.istio.VirtualService.Redirect;
import io.meshclient.istio.VirtualService.Rewrite;
import io.meshclient.istio.VirtualService.RouteDestination;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the routes of a VirtualService for one port, as one workload sees them. */
final class RouteCompiler {
  private final Workload workload;
  private final Destinations destinations;
  private final RetryCompiler retries;
  private final MirrorCompiler mirrors;

  RouteCompiler(Workload workload, Destinations destinations, RetryCompiler retries) {
    this.workload = workload;
    this.destinations = destinations;
    this.retries = retries;
    this.mirrors = new MirrorCompiler(destinations);
  }

  /** The routes, in order; empty where no rule is for this workload, which counts as no rules. */
  List<Route> compile(
      List<VirtualServices.Expanded> rules,
      String namespace,
      int port,
      List<VirtualHost.Excluded> excluded) {
    List<Route> routes = new ArrayList<>();
    for (VirtualServices.Expanded expanded : rules) {
      if (!routes.isEmpty() && takesAll(routes.get(routes.size() - 1))) {
        hidden(expanded, routes.get(routes.size() - 1), excluded);
        continue;
      }
      addRoutes(routes, expanded, namespace, port, excluded);
    }
    return routes;
  }

  private void addRoutes(
      List<Route> routes,
      VirtualServices.Expanded expanded,
      String namespace,
      int port,
      List<VirtualHost.Excluded> excluded) {
    HttpRule rule = expanded.rule();
    if (rule.match().isEmpty()) {
      RouteAction action = action(rule, null, namespace, port);
      routes.add(new Route(expanded.origin(), "", PathMatch.ANY, List.of(), action));
      return;
    }
    for (int i = 0; i < rule.match().size(); i++) {
      Match match = rule.match().get(i);
      String reason = whyNotForUs(match, port);
      if (reason != null) {
        excluded.add(new VirtualHost.Excluded(expanded.origin(), "match[" + i + "] " + reason));
        continue;
      }
      Route route =
          new Route(
              expanded.origin().named(match.name()),
              "match[" + i + "]",
              path(match),
              conditions(match, port),
              action(rule, match, namespace, port));
      routes.add(route);
      if (takesAll(route)) {
        return;
      }
    }
  }

  private static void hidden(
      VirtualServices.Expanded rule, Route behind, List<VirtualHost.Excluded> excluded) {
    String reason = "is never reached: " + behind.rule().path() + " takes every request";
    excluded.add(new VirtualHost.Excluded(rule.origin(), reason));
  }

  private static boolean takesAll(Route route) {
    return route.describe().equals("any request");
  }

  /** Why a match is not for this workload or this port; {@code null} if it is. */
  private @Nullable String whyNotForUs(Match match, int port) {
    if (!match.gateways().isEmpty()) {
      if (!match.gateways().contains(VirtualServices.MESH)) {
        return "is for gateways " + match.gateways();
      }
    } else if (!workload.labels().entrySet().containsAll(match.sourceLabels().entrySet())) {
      return "is for callers labelled " + new TreeMap<>(match.sourceLabels());
    } else if (match.sourceNamespace() != null
        && !match.sourceNamespace().isEmpty()
        && !match.sourceNamespace().equals(workload.namespace())) {
      return "is for callers in namespace " + match.sourceNamespace();
    }
    return match.port() == null || match.port() == port || port == PolicyCompiler.ANY_PORT
        ? null
        : "is for port " + match.port();
  }

  static PathMatch path(Match match) {
    StringMatch uri = match.uri();
    if (uri == null || uri.isPresence()) {
      return PathMatch.ANY;
    }
    if (uri.exact() != null) {
      return new PathMatch.Exact(uri.exact(), match.ignoreUriCase());
    }
    if (uri.prefix() != null) {
      return new PathMatch.Prefix(uri.prefix(), match.ignoreUriCase());
    }
    return StringMatcher.of(uri, false) instanceof StringMatcher.Regex regex
        ? new PathMatch.Regex(regex)
        : PathMatch.ANY;
  }

  private static List<Condition> conditions(Match match, int port) {
    List<Condition> conditions = new ArrayList<>();
    if (match.port() != null && port == PolicyCompiler.ANY_PORT) {
      conditions.add(new Condition.Port(match.port()));
    }
    pseudo(conditions, ":method", match.method());
    pseudo(conditions, ":authority", match.authority());
    pseudo(conditions, ":scheme", match.scheme());
    headers(conditions, match.headers(), false);
    headers(conditions, match.withoutHeaders(), true);
    for (Map.Entry<String, StringMatch> entry : new TreeMap<>(match.queryParams()).entrySet()) {
      conditions.add(
          new Condition.Query(entry.getKey(), StringMatcher.of(entry.getValue(), false)));
    }
    return conditions;
  }

  private static void pseudo(List<Condition> conditions, String name, @Nullable StringMatch match) {
    if (match != null) {
      conditions.add(new Condition.Header(name, StringMatcher.of(match, false), false));
    }
  }

  private static void headers(
      List<Condition> conditions, Map<String, StringMatch> matches, boolean inverted) {
    for (Map.Entry<String, StringMatch> entry : new TreeMap<>(matches).entrySet()) {
      conditions.add(
          new Condition.Header(
              Names.lower(entry.getKey()), StringMatcher.of(entry.getValue(), false), inverted));
    }
  }

  private RouteAction action(HttpRule rule, @Nullable Match match, String namespace, int port) {
    Headers own = rule.headers();
    HeaderMutations request = HeaderOperationsCompiler.compile(own == null ? null : own.request());
    HeaderMutations response =
        HeaderOperationsCompiler.compile(own == null ? null : own.response());
    if (rule.redirect() != null) {
      return redirect(rule.redirect(), port, response);
    }
    if (rule.directResponse() != null) {
      return direct(rule.directResponse(), response);
    }
    List<WeightedCluster> clusters = new ArrayList<>();
    List<RouteDestination> routes = rule.route();
    for (RouteDestination route : routes) {
      if (routes.size() == 1 || route.weight() > 0) {
        clusters.add(weighted(route, routes.size() == 1, request, response, namespace, port));
      }
    }
    String authority = rule.rewrite() == null ? null : rule.rewrite().authority();
    String hostRewrite =
        authority != null && !authority.isEmpty()
            ? authority
            : HeaderOperationsCompiler.hostRewrite(own == null ? null : own.request());
    return new RouteAction.Forward(
        clusters,
        rewrite(rule.rewrite(), match),
        hostRewrite,
        rule.timeout() == null ? 0 : rule.timeout().toNanos(),
        retries.compile(rule.retries(), routes.size() == 1 && clusters.get(0).hashes()),
        FaultPolicy.of(rule.fault()),
        mirrors.compile(rule, namespace, port));
  }

  /**
   * One destination. With a single one its operations come after the route's, as one level; with
   * several they are a level of their own that comes first, so that the route's win.
   */
  private WeightedCluster weighted(
      RouteDestination route,
      boolean single,
      HeaderMutations request,
      HeaderMutations response,
      String namespace,
      int port) {
    Integer destinationPort =
        route.destination().port() == null ? null : route.destination().port().number();
    Destinations.Found found =
        destinations.find(
            route.destination().host(),
            route.destination().subset(),
            destinationPort,
            namespace,
            port,
            route.destination().location());
    Headers own = route.headers();
    HeaderMutations ownRequest =
        HeaderOperationsCompiler.compile(own == null ? null : own.request());
    HeaderMutations ownResponse =
        HeaderOperationsCompiler.compile(own == null ? null : own.response());
    return new WeightedCluster(
        found.name(),
        found.cluster(),
        single ? 1 : route.weight(),
        503,
        levels(single, request, ownRequest),
        levels(single, response, ownResponse),
        HeaderOperationsCompiler.hostRewrite(own == null ? null : own.request()));
  }

  static List<HeaderMutations> levels(
      boolean single, HeaderMutations route, HeaderMutations destination) {
    List<HeaderMutations> levels =
        single ? List.of(route.then(destination)) : List.of(destination, route);
    return levels.stream().filter(level -> !level.isEmpty()).toList();
  }

  private @Nullable PathRewrite rewrite(@Nullable Rewrite rewrite, @Nullable Match match) {
    if (rewrite == null) {
      return null;
    }
    if (rewrite.uriRegexRewrite() != null) {
      return new PathRewrite.Regex(
          Pattern.compile(rewrite.uriRegexRewrite().match()), rewrite.uriRegexRewrite().rewrite());
    }
    if (rewrite.uri() == null || rewrite.uri().isEmpty()) {
      return null;
    }
    StringMatch uri = match == null ? null : match.uri();
    return uri == null || uri.prefix() != null || uri.isPresence()
        ? new PathRewrite.Prefix(rewrite.uri())
        : new PathRewrite.Whole(rewrite.uri());
  }

  private static RouteAction redirect(Redirect redirect, int listenPort, HeaderMutations response) {
    int port = redirect.port() == null ? 0 : redirect.port();
    if (redirect.derivePort() == DerivePort.FROM_REQUEST_PORT) {
      port = listenPort == PolicyCompiler.ANY_PORT ? RouteAction.Redirect.REQUEST_PORT : listenPort;
    }
    String scheme = redirect.scheme() == null ? "http" : redirect.scheme();
    if (port == 80 && scheme.equals("http") || port == 443 && scheme.equals("https")) {
      // Istio leaves a scheme's own port out of its configuration, so Envoy keeps the request's.
      port = 0;
    }
    return new RouteAction.Redirect(
        redirect.redirectCode() == null || redirect.redirectCode() == 0
            ? 301
            : redirect.redirectCode(),
        redirect.scheme(),
        redirect.authority(),
        port,
        redirect.uri(),
        null,
        List.of(response));
  }

  private static RouteAction direct(DirectResponse direct, HeaderMutations response) {
    String body = "";
    if (direct.body() != null && direct.body().string() != null) {
      body = direct.body().string();
    } else if (direct.body() != null && direct.body().bytes() != null) {
      body = new String(direct.body().bytes(), StandardCharsets.UTF_8);
    }
    return new RouteAction.Direct(direct.status(), body, List.of(response));
  }
}
