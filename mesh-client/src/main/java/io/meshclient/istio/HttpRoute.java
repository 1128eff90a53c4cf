package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code gateway.networking.k8s.io HTTPRoute}, where its parent is a Service (GAMMA). */
public record HttpRoute(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  @Override
  public String kind() {
    return "HTTPRoute";
  }

  public record Spec(
      List<ParentRef> parentRefs,
      List<String> hostnames,
      List<Rule> rules,
      @Nullable String useDefaultGateways) {}

  /**
   * What the route is attached to.
   *
   * @param group empty for the core group
   */
  public record ParentRef(
      @Nullable String group,
      @Nullable String kind,
      @Nullable String namespace,
      @Required String name,
      @Nullable String sectionName,
      @Nullable @Range(min = 1, max = 65535) Integer port) {}

  public record Rule(
      @Nullable String name,
      List<Match> matches,
      List<Filter> filters,
      List<BackendRef> backendRefs,
      @Nullable Timeouts timeouts,
      @Nullable Retry retry,
      @Nullable SessionPersistence sessionPersistence,
      Location location) {}

  public record Match(
      @Nullable PathMatch path,
      List<ValueMatch> headers,
      List<ValueMatch> queryParams,
      @Nullable String method,
      Location location) {}

  public record PathMatch(@Nullable PathType type, @Nullable String value) {}

  public enum PathType {
    Exact,
    PathPrefix,
    RegularExpression
  }

  public record ValueMatch(
      @Nullable ValueType type, @Required String name, @Required String value) {}

  public enum ValueType {
    Exact,
    RegularExpression
  }

  /**
   * A destination and its share.
   *
   * @param weight absent counts as 1
   */
  public record BackendRef(
      @Nullable String group,
      @Nullable String kind,
      @Required String name,
      @Nullable String namespace,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      @Nullable @Range(min = 0, max = 1_000_000) Integer weight,
      List<Filter> filters,
      Location location) {}

  public record Filter(
      @Required FilterType type,
      @Nullable HeaderModifier requestHeaderModifier,
      @Nullable HeaderModifier responseHeaderModifier,
      @Nullable Mirror requestMirror,
      @Nullable Redirect requestRedirect,
      @Nullable UrlRewrite urlRewrite,
      @Nullable Cors cors,
      @Nullable ExtensionRef extensionRef,
      @Nullable Object externalAuth,
      Location location) {}

  public enum FilterType {
    RequestHeaderModifier,
    ResponseHeaderModifier,
    RequestMirror,
    RequestRedirect,
    URLRewrite,
    CORS,
    ExtensionRef,
    ExternalAuth
  }

  public record HeaderModifier(List<Header> set, List<Header> add, List<String> remove) {}

  public record Header(@Required String name, @Required String value) {}

  @AtMostOne({"percent", "fraction"})
  public record Mirror(
      @Required BackendRef backendRef,
      @Nullable @Range(min = 0, max = 100) Integer percent,
      @Nullable Fraction fraction) {}

  public record Fraction(
      @Required @Range(min = 0) int numerator, @Nullable @Range(min = 1) Integer denominator) {}

  public record Redirect(
      @Nullable String scheme,
      @Nullable String hostname,
      @Nullable PathModifier path,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      @Nullable @Range(min = 300, max = 399) Integer statusCode) {}

  public record UrlRewrite(@Nullable String hostname, @Nullable PathModifier path) {}

  public record PathModifier(
      @Required PathModifierType type,
      @Nullable String replaceFullPath,
      @Nullable String replacePrefixMatch) {}

  public enum PathModifierType {
    ReplaceFullPath,
    ReplacePrefixMatch
  }

  public record Cors(
      List<String> allowOrigins,
      @Nullable Boolean allowCredentials,
      List<String> allowMethods,
      List<String> allowHeaders,
      List<String> exposeHeaders,
      @Nullable Integer maxAge) {}

  public record ExtensionRef(
      @Nullable String group, @Required String kind, @Required String name) {}

  public record Timeouts(@Nullable Duration request, @Nullable Duration backendRequest) {}

  public record Retry(
      List<Integer> codes,
      @Nullable @Range(min = 0) Integer attempts,
      @Nullable Duration backoff) {}

  public record SessionPersistence(
      @Nullable String sessionName,
      @Nullable Duration absoluteTimeout,
      @Nullable Duration idleTimeout,
      @Nullable String type,
      @Nullable CookieConfig cookieConfig) {}

  public record CookieConfig(@Nullable String lifetimeType) {}
}
