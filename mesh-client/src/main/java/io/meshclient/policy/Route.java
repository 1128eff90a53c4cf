package io.meshclient.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions, all of which have to hold, and what then becomes of the request. */
public final class Route {
  private final Rule rule;
  private final String matchPath;
  private final PathMatch path;
  private final Condition[] conditions;
  private final RouteAction action;

  /**
   * @param matchPath which of the rule's matches this is, such as {@code match[1]}; empty where the
   *     rule takes everything
   */
  Route(
      Rule rule, String matchPath, PathMatch path, List<Condition> conditions, RouteAction action) {
    this.rule = rule;
    this.matchPath = matchPath;
    this.path = path;
    this.conditions = conditions.toArray(new Condition[0]);
    this.action = action;
  }

  public Rule rule() {
    return rule;
  }

  /** Which of the rule's matches this is; empty where the rule takes everything. */
  public String matchPath() {
    return matchPath;
  }

  /** Envoy's name of it: the rule's, and the match's after a dot; that of nobody is default. */
  public @Nullable String name() {
    return rule.location().file().isEmpty() ? "default" : rule.name();
  }

  public RouteAction action() {
    return action;
  }

  /** How its path has to look. */
  public PathMatch path() {
    return path;
  }

  /** What else has to hold, in order. */
  public List<Condition> conditions() {
    return List.of(conditions);
  }

  boolean matches(RequestView request) {
    return path.test(request.path()) && conditionsHold(request);
  }

  boolean conditionsHold(RequestView request) {
    for (Condition condition : conditions) {
      if (!condition.test(request)) {
        return false;
      }
    }
    return true;
  }

  /** The path that the destination gets. */
  public String rewrittenPath(RequestView request) {
    PathRewrite rewrite = action instanceof RouteAction.Forward forward ? forward.rewrite() : null;
    return rewrite == null ? request.path() : rewrite.apply(request.path(), path);
  }

  /** The Location of a redirect, as Envoy words it. */
  public String location(RequestView request, RouteAction.Redirect redirect) {
    return Redirects.location(request, redirect, path);
  }

  /** Why a request matched, in words: {@code header x-canary exact "true"}. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    if (!path.equals(PathMatch.ANY)) {
      parts.add(path.describe());
    }
    for (Condition condition : conditions) {
      parts.add(condition.describe());
    }
    return parts.isEmpty() ? "any request" : String.join(", ", parts);
  }

  /**
   * The first condition that this request does not meet, in words; {@code null} if it meets all.
   */
  public @Nullable String whyNot(RequestView request) {
    if (!path.test(request.path())) {
      return path.describe() + ": path is " + request.path();
    }
    for (Condition condition : conditions) {
      if (!condition.test(request)) {
        String actual = condition.actual(request);
        return condition.describe()
            + ": "
            + (actual == null ? "it has none" : "it is \"" + actual + "\"");
      }
    }
    return null;
  }
}
