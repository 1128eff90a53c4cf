package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io VirtualService}: how requests to some hosts are routed. */
public record VirtualService(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  /**
   * The hosts, and what becomes of requests for them.
   *
   * @param hosts may be empty only in a delegate
   */
  public record Spec(
      List<String> hosts,
      List<String> gateways,
      List<HttpRule> http,
      List<TlsRule> tls,
      List<TcpRule> tcp,
      List<String> exportTo) {}

  /** One entry of {@code http}: conditions, and what becomes of a request that meets one. */
  public record HttpRule(
      @Nullable String name,
      List<Match> match,
      List<RouteDestination> route,
      @Nullable Redirect redirect,
      @Nullable DirectResponse directResponse,
      @Nullable Delegate delegate,
      @Nullable Rewrite rewrite,
      @Nullable Duration timeout,
      @Nullable Retries retries,
      @Nullable Fault fault,
      @Nullable Destination mirror,
      List<MirrorPolicy> mirrors,
      @Nullable Percent mirrorPercentage,
      @Nullable @Range(min = 0, max = 100) Integer mirrorPercent,
      @Nullable CorsPolicy corsPolicy,
      @Nullable Headers headers,
      Location location) {}

  /** Conditions that all have to hold. */
  public record Match(
      @Nullable String name,
      @Nullable StringMatch uri,
      @Nullable StringMatch scheme,
      @Nullable StringMatch method,
      @Nullable StringMatch authority,
      Map<String, StringMatch> headers,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      Map<String, String> sourceLabels,
      List<String> gateways,
      Map<String, StringMatch> queryParams,
      boolean ignoreUriCase,
      Map<String, StringMatch> withoutHeaders,
      @Nullable String sourceNamespace,
      @Nullable String statPrefix,
      Location location) {}

  /**
   * A destination and its share.
   *
   * @param weight relative to the sum of all; 0 stands for all where there is one destination
   */
  public record RouteDestination(
      @Required Destination destination,
      @Range(min = 0, max = Integer.MAX_VALUE)
          @Usual(
              min = 0,
              max = 100,
              beyond = "it is honoured as Istio does it, as a share of the sum of the weights")
          int weight,
      @Nullable Headers headers,
      Location location) {}

  /** A service, one of its subsets, one of its ports. */
  public record Destination(
      @Required String host,
      @Nullable String subset,
      @Nullable PortSelector port,
      Location location) {}

  public record PortSelector(@Required @Range(min = 1, max = 65535) int number) {}

  public record Headers(@Nullable HeaderOperations request, @Nullable HeaderOperations response) {}

  public record HeaderOperations(
      Map<String, String> set, Map<String, String> add, List<String> remove) {}

  @AtMostOne({"port", "derivePort"})
  public record Redirect(
      @Nullable String uri,
      @Nullable String authority,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      @Nullable DerivePort derivePort,
      @Nullable String scheme,
      @Nullable @Range(min = 300, max = 399) Integer redirectCode) {}

  public enum DerivePort {
    FROM_PROTOCOL_DEFAULT,
    FROM_REQUEST_PORT
  }

  public record DirectResponse(
      @Required @Range(min = 200, max = 599) int status, @Nullable Body body) {}

  /**
   * The body of a response.
   *
   * @param bytes base64 in YAML
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and not handed on
  @AtMostOne({"string", "bytes"})
  public record Body(@Nullable String string, byte @Nullable [] bytes) {}

  public record Delegate(@Required String name, @Nullable String namespace) {}

  public record Rewrite(
      @Nullable String uri, @Nullable String authority, @Nullable RegexRewrite uriRegexRewrite) {}

  public record RegexRewrite(@Required String match, @Required String rewrite) {}

  /**
   * How often a request is tried again, and when.
   *
   * @param attempts 0, which is also what an absent field means, turns retries off
   */
  public record Retries(
      @Range(min = 0, max = Integer.MAX_VALUE) int attempts,
      @Nullable @Range(min = 1) Duration perTryTimeout,
      @Nullable String retryOn,
      @Nullable Boolean retryRemoteLocalities,
      @Nullable Boolean retryIgnorePreviousHosts,
      @Nullable @Range(min = 1) Duration backoff,
      Location location) {}

  public record Fault(@Nullable Delay delay, @Nullable Abort abort) {}

  @AtMostOne({"fixedDelay", "exponentialDelay"})
  public record Delay(
      @Nullable Duration fixedDelay,
      @Nullable Duration exponentialDelay,
      @Nullable Percent percentage,
      @Nullable @Range(min = 0, max = 100) Integer percent) {}

  @AtMostOne({"httpStatus", "grpcStatus", "http2Error"})
  public record Abort(
      @Nullable @Range(min = 200, max = 599) Integer httpStatus,
      @Nullable String grpcStatus,
      @Nullable String http2Error,
      @Nullable Percent percentage) {}

  public record Percent(@Range(min = 0, max = 100) double value) {}

  public record MirrorPolicy(@Required Destination destination, @Nullable Percent percentage) {}

  public record CorsPolicy(
      List<StringMatch> allowOrigins,
      List<String> allowOrigin,
      List<String> allowMethods,
      List<String> allowHeaders,
      List<String> exposeHeaders,
      @Nullable Duration maxAge,
      @Nullable Boolean allowCredentials,
      @Nullable String unmatchedPreflights,
      Location location) {}

  /** Routing of TLS by SNI: read, and left to the mesh. */
  public record TlsRule(List<TlsMatch> match, List<RouteDestination> route, Location location) {}

  public record TlsMatch(
      List<String> sniHosts,
      List<String> destinationSubnets,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      Map<String, String> sourceLabels,
      List<String> gateways,
      @Nullable String sourceNamespace) {}

  /** Routing of opaque TCP: read, and left to the mesh. */
  public record TcpRule(List<TcpMatch> match, List<RouteDestination> route, Location location) {}

  public record TcpMatch(
      List<String> destinationSubnets,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      @Nullable String sourceSubnet,
      Map<String, String> sourceLabels,
      List<String> gateways,
      @Nullable String sourceNamespace) {}
}
