package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io DestinationRule}: what holds for traffic after routing. */
public record DestinationRule(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  public record Spec(
      @Required String host,
      @Nullable TrafficPolicy trafficPolicy,
      List<Subset> subsets,
      List<String> exportTo,
      @Nullable Selector workloadSelector) {}

  public record Subset(
      @Required String name,
      Map<String, String> labels,
      @Nullable TrafficPolicy trafficPolicy,
      Location location) {}

  public record TrafficPolicy(
      @Nullable LoadBalancer loadBalancer,
      @Nullable ConnectionPool connectionPool,
      @Nullable OutlierDetection outlierDetection,
      @Nullable Tls tls,
      List<PortTrafficPolicy> portLevelSettings,
      @Nullable Tunnel tunnel,
      @Nullable ProxyProtocol proxyProtocol,
      @Nullable RetryBudget retryBudget,
      Location location) {}

  public record PortTrafficPolicy(
      VirtualService.@Nullable PortSelector port,
      @Nullable LoadBalancer loadBalancer,
      @Nullable ConnectionPool connectionPool,
      @Nullable OutlierDetection outlierDetection,
      @Nullable Tls tls,
      Location location) {}

  @AtMostOne({"simple", "consistentHash"})
  public record LoadBalancer(
      @Nullable Simple simple,
      @Nullable ConsistentHash consistentHash,
      @Nullable LocalityLb localityLbSetting,
      @Nullable Duration warmupDurationSecs,
      @Nullable Warmup warmup) {}

  public enum Simple {
    UNSPECIFIED,
    LEAST_CONN,
    LEAST_REQUEST,
    RANDOM,
    PASSTHROUGH,
    ROUND_ROBIN
  }

  public record Warmup(
      @Required Duration duration,
      @Nullable @Range(min = 0, max = 100) Double minimumPercent,
      @Nullable @Range(min = 1) Double aggression) {}

  @AtMostOne({"httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"})
  public record ConsistentHash(
      @Nullable String httpHeaderName,
      @Nullable HttpCookie httpCookie,
      @Nullable Boolean useSourceIp,
      @Nullable String httpQueryParameterName,
      @Nullable RingHash ringHash,
      @Nullable Maglev maglev,
      @Nullable @Range(min = 0) Long minimumRingSize) {}

  public record HttpCookie(
      @Required String name,
      @Nullable String path,
      @Nullable Duration ttl,
      List<CookieAttribute> attributes) {}

  public record CookieAttribute(@Required String name, @Nullable String value) {}

  public record RingHash(@Nullable @Range(min = 0) Long minimumRingSize) {}

  public record Maglev(@Nullable @Range(min = 0) Long tableSize) {}

  public record LocalityLb(
      List<Distribute> distribute,
      List<Failover> failover,
      List<String> failoverPriority,
      @Nullable Boolean enabled,
      Location location) {}

  public record Distribute(@Required String from, Map<String, Integer> to) {}

  public record Failover(@Required String from, @Required String to) {}

  public record ConnectionPool(@Nullable TcpPool tcp, @Nullable HttpPool http) {}

  public record TcpPool(
      @Nullable @Range(min = 0) Integer maxConnections,
      @Nullable @Range(min = 1) Duration connectTimeout,
      @Nullable TcpKeepalive tcpKeepalive,
      @Nullable Duration maxConnectionDuration,
      @Nullable Duration idleTimeout) {}

  public record TcpKeepalive(
      @Nullable @Range(min = 0) Integer probes,
      @Nullable Duration time,
      @Nullable Duration interval) {}

  public record HttpPool(
      @Nullable @Range(min = 0) Integer http1MaxPendingRequests,
      @Nullable @Range(min = 0) Integer http2MaxRequests,
      @Nullable @Range(min = 0) Integer maxRequestsPerConnection,
      @Nullable @Range(min = 0) Integer maxRetries,
      @Nullable Duration idleTimeout,
      @Nullable H2UpgradePolicy h2UpgradePolicy,
      @Nullable Boolean useClientProtocol,
      @Nullable @Range(min = 0) Integer maxConcurrentStreams) {}

  public enum H2UpgradePolicy {
    DEFAULT,
    DO_NOT_UPGRADE,
    UPGRADE
  }

  public record OutlierDetection(
      @Nullable @Range(min = 0) Integer consecutiveErrors,
      @Nullable Boolean splitExternalLocalOriginErrors,
      @Nullable @Range(min = 0) Integer consecutiveLocalOriginFailures,
      @Nullable @Range(min = 0) Integer consecutiveGatewayErrors,
      @Nullable @Range(min = 0) Integer consecutive5xxErrors,
      @Nullable @Range(min = 1) Duration interval,
      @Nullable @Range(min = 1) Duration baseEjectionTime,
      @Nullable @Range(min = 0, max = 100) Integer maxEjectionPercent,
      @Nullable @Range(min = 0, max = 100) Integer minHealthPercent,
      Location location) {}

  public record Tls(
      @Nullable TlsMode mode,
      @Nullable String clientCertificate,
      @Nullable String privateKey,
      @Nullable String caCertificates,
      @Nullable String credentialName,
      List<String> subjectAltNames,
      @Nullable String sni,
      @Nullable Boolean insecureSkipVerify,
      @Nullable String caCrl,
      Location location) {}

  public enum TlsMode {
    DISABLE,
    SIMPLE,
    MUTUAL,
    ISTIO_MUTUAL
  }

  public record Tunnel(
      @Nullable String protocol,
      @Required String targetHost,
      @Required @Range(min = 1, max = 65535) int targetPort) {}

  public record ProxyProtocol(@Nullable String version) {}

  public record RetryBudget(
      @Nullable @Range(min = 0, max = 100) Double percent,
      @Nullable @Range(min = 0) Integer minRetryConcurrency) {}
}
