package io.meshclient.istio;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Istio's MeshConfig ({@code istio.mesh.v1alpha1}): settings of the mesh as a whole. A field that
 * was not set is {@code null} or empty, except that the accessors which cannot be {@code null} give
 * Istio's default. What only a proxy or the control plane makes use of is kept as it is.
 *
 * @param defaultConfig the ProxyConfig, kept as it is
 */
public record MeshConfig(
    @Nullable @Range(min = 1, max = 65535) Integer proxyListenPort,
    @Nullable @Range(min = 1, max = 65535) Integer proxyInboundListenPort,
    @Nullable @Range(min = 0, max = 65535) Integer proxyHttpPort,
    @Nullable @Range(min = 1) Duration connectTimeout,
    @Nullable Duration protocolDetectionTimeout,
    DestinationRule.@Nullable TcpKeepalive tcpKeepalive,
    @Nullable String ingressClass,
    @Nullable String ingressService,
    @Nullable String ingressControllerMode,
    @Nullable String ingressSelector,
    @Nullable Boolean enableTracing,
    @Nullable String accessLogFile,
    @Nullable String accessLogFormat,
    @Nullable AccessLogEncoding accessLogEncoding,
    @Nullable Boolean enableEnvoyAccessLogService,
    @Nullable Boolean disableEnvoyListenerLog,
    Map<String, Object> defaultConfig,
    Sidecar.@Nullable OutboundTrafficPolicy outboundTrafficPolicy,
    @Nullable InboundTrafficPolicy inboundTrafficPolicy,
    List<Object> configSources,
    @Nullable Boolean enableAutoMtls,
    @Nullable String trustDomain,
    List<String> trustDomainAliases,
    List<Object> caCertificates,
    List<String> defaultServiceExportTo,
    List<String> defaultVirtualServiceExportTo,
    List<String> defaultDestinationRuleExportTo,
    @Nullable String rootNamespace,
    DestinationRule.@Nullable LocalityLb localityLbSetting,
    @Nullable Duration dnsRefreshRate,
    DestinationRule.@Nullable H2UpgradePolicy h2UpgradePolicy,
    @Nullable String inboundClusterStatName,
    @Nullable String outboundClusterStatName,
    List<Object> certificates,
    List<ServiceSettings> serviceSettings,
    @Nullable Boolean enablePrometheusMerge,
    @Nullable Boolean verifyCertificateAtClient,
    @Nullable Object ca,
    List<ExtensionProvider> extensionProviders,
    @Nullable DefaultProviders defaultProviders,
    List<Object> discoverySelectors,
    @Nullable PathNormalization pathNormalization,
    VirtualService.@Nullable Retries defaultHttpRetryPolicy,
    @Nullable TlsConfig meshMTLS,
    @Nullable TlsConfig tlsDefaults,
    @Nullable String compliancePolicy,
    List<Object> serviceScopeConfigs,
    Location location) {

  /** Nothing set: Istio's defaults. */
  public static final MeshConfig DEFAULT = RecordShape.of(MeshConfig.class).with(Map.of());

  private static final Map<String, ExtensionProvider> BUILT_IN = builtIn();

  private static Map<String, ExtensionProvider> builtIn() {
    RecordShape<ExtensionProvider> shape = RecordShape.of(ExtensionProvider.class);
    return Map.of(
        "prometheus",
        shape.with(Map.of("name", "prometheus", "prometheus", new ExtensionProvider.Prometheus())),
        "envoy",
        shape.with(
            Map.of(
                "name",
                "envoy",
                "envoyFileAccessLog",
                new ExtensionProvider.EnvoyFileAccessLog("/dev/stdout", null, false))));
  }

  /** The timeout of a connection's establishment; 10 s by default. */
  @Override
  public Duration connectTimeout() {
    return connectTimeout == null ? Duration.ofSeconds(10) : connectTimeout;
  }

  /** Whether sidecars find out by themselves if a peer takes mutual TLS; true by default. */
  @Override
  public Boolean enableAutoMtls() {
    return enableAutoMtls == null ? Boolean.TRUE : enableAutoMtls;
  }

  /** Whether requests are traced at all; true by default. */
  @Override
  public Boolean enableTracing() {
    return enableTracing == null ? Boolean.TRUE : enableTracing;
  }

  /** Whether {@link #trustDomain()} is written there, rather than Istio's default. */
  public boolean namesTrustDomain() {
    return trustDomain != null && !trustDomain.isEmpty();
  }

  /** {@code cluster.local} by default. */
  @Override
  public String trustDomain() {
    return trustDomain == null || trustDomain.isEmpty() ? "cluster.local" : trustDomain;
  }

  /** The namespace whose policies hold for the whole mesh; {@code istio-system} by default. */
  @Override
  public String rootNamespace() {
    return rootNamespace == null || rootNamespace.isEmpty() ? "istio-system" : rootNamespace;
  }

  /** Text by default. */
  @Override
  public AccessLogEncoding accessLogEncoding() {
    return accessLogEncoding == null ? AccessLogEncoding.TEXT : accessLogEncoding;
  }

  /** What happens to a request for a host that is in no registry; ALLOW_ANY by default. */
  public Sidecar.Mode outboundMode() {
    return outboundTrafficPolicy == null || outboundTrafficPolicy.mode() == null
        ? Sidecar.Mode.ALLOW_ANY
        : outboundTrafficPolicy.mode();
  }

  /** How paths are made comparable before they are matched; BASE by default. */
  public Normalization normalization() {
    Normalization set = pathNormalization == null ? null : pathNormalization.normalization();
    return set == null || set == Normalization.DEFAULT ? Normalization.BASE : set;
  }

  /** The provider of that name, one of Istio's own ("prometheus", "envoy"), or {@code null}. */
  public @Nullable ExtensionProvider extensionProvider(String name) {
    for (ExtensionProvider provider : extensionProviders) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    return BUILT_IN.get(name);
  }

  /**
   * These settings with those of {@code over} on top: what is set there replaces what is set here;
   * extension providers are joined by their names.
   */
  public MeshConfig merge(MeshConfig over) {
    Map<String, ExtensionProvider> providers = new LinkedHashMap<>();
    extensionProviders.forEach(provider -> providers.put(provider.name(), provider));
    over.extensionProviders.forEach(provider -> providers.put(provider.name(), provider));
    return RecordShape.of(MeshConfig.class)
        .merge(this, over, Map.of("extensionProviders", List.copyOf(providers.values())));
  }

  public enum AccessLogEncoding {
    TEXT,
    JSON
  }

  public record InboundTrafficPolicy(@Nullable InboundMode mode) {}

  public enum InboundMode {
    PASSTHROUGH,
    LOCALHOST
  }

  public record ServiceSettings(@Nullable Settings settings, List<String> hosts) {}

  /**
   * What holds for the services.
   *
   * @param clusterLocal whether the endpoints of other clusters do not count
   */
  public record Settings(boolean clusterLocal) {}

  public record DefaultProviders(
      List<String> tracing, List<String> metrics, List<String> accessLogging) {}

  public record PathNormalization(@Nullable Normalization normalization) {}

  public enum Normalization {
    /** BASE. */
    DEFAULT,
    NONE,
    BASE,
    MERGE_SLASHES,
    DECODE_AND_MERGE_SLASHES
  }

  public record TlsConfig(
      @Nullable TlsProtocol minProtocolVersion,
      List<String> ecdhCurves,
      List<String> cipherSuites) {}

  public enum TlsProtocol {
    TLS_AUTO,
    TLSV1_2,
    TLSV1_3
  }
}
