package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of MeshConfig's {@code extensionProviders}: a named place for traces, metrics or logs,
 * or a service that authorizes. Of the kinds that only a proxy makes use of, the settings are kept
 * as they are.
 */
@AtMostOne({
  "opentelemetry",
  "zipkin",
  "envoyFileAccessLog",
  "envoyOtelAls",
  "envoyExtAuthzHttp",
  "envoyExtAuthzGrpc",
  "prometheus",
  "envoyHttpAls",
  "envoyTcpAls",
  "lightstep",
  "datadog",
  "stackdriver",
  "opencensus",
  "skywalking",
  "sds"
})
public record ExtensionProvider(
    @Required String name,
    @Nullable OpenTelemetry opentelemetry,
    @Nullable Zipkin zipkin,
    @Nullable EnvoyFileAccessLog envoyFileAccessLog,
    @Nullable EnvoyOtelAls envoyOtelAls,
    @Nullable ExtAuthzHttp envoyExtAuthzHttp,
    @Nullable ExtAuthzGrpc envoyExtAuthzGrpc,
    @Nullable Prometheus prometheus,
    @Nullable Object envoyHttpAls,
    @Nullable Object envoyTcpAls,
    @Nullable Object lightstep,
    @Nullable Object datadog,
    @Nullable Object stackdriver,
    @Nullable Object opencensus,
    @Nullable Object skywalking,
    @Nullable Object sds,
    Location location) {

  /**
   * Traces by OTLP: over gRPC unless {@code http} is there.
   *
   * @param service {@code [namespace/]host}
   * @param maxTagLength of the path in a span
   */
  @AtMostOne({"http", "grpc"})
  public record OpenTelemetry(
      @Required String service,
      @Required @Range(min = 1, max = 65535) int port,
      @Nullable @Range(min = 0) Integer maxTagLength,
      @Nullable HttpService http,
      @Nullable GrpcService grpc,
      @Nullable ResourceDetectors resourceDetectors,
      @Nullable Object dynatraceSampler,
      @Nullable ServiceAttributeEnrichment serviceAttributeEnrichment,
      Location location) {}

  public enum ServiceAttributeEnrichment {
    DEFAULT,
    OTEL_SEMANTIC_CONVENTIONS
  }

  public record HttpService(
      @Required String path, @Nullable Duration timeout, List<HttpHeader> headers) {}

  public record GrpcService(@Nullable Duration timeout, List<HttpHeader> initialMetadata) {}

  /**
   * A header of each request to the provider.
   *
   * @param envName the environment variable that holds the value
   */
  @AtMostOne({"value", "envName"})
  public record HttpHeader(
      @Required String name, @Nullable String value, @Nullable String envName) {}

  public record ResourceDetectors(
      @Nullable EnvironmentDetector environment, @Nullable DynatraceDetector dynatrace) {}

  /** Attributes from {@code OTEL_RESOURCE_ATTRIBUTES}; it has no settings. */
  public record EnvironmentDetector() {}

  /** Attributes from Dynatrace's files; it has no settings. */
  public record DynatraceDetector() {}

  public record Zipkin(
      @Required String service,
      @Required @Range(min = 1, max = 65535) int port,
      @Nullable @Range(min = 0) Integer maxTagLength,
      boolean enable64bitTraceId,
      @Nullable String path,
      @Nullable TraceContextOption traceContextOption,
      @Nullable Duration timeout,
      List<HttpHeader> headers,
      Location location) {}

  public enum TraceContextOption {
    USE_B3,
    USE_B3_WITH_W3C_PROPAGATION
  }

  /**
   * Lines in a file.
   *
   * @param path absent means {@code /dev/stdout}
   */
  public record EnvoyFileAccessLog(
      @Nullable String path, @Nullable LogFormat logFormat, boolean omitEmptyValues) {}

  /** A line of text, or the fields of a JSON object; values hold Envoy's command operators. */
  public record LogFormat(@Nullable String text, Map<String, Object> labels) {}

  public record EnvoyOtelAls(
      @Required String service,
      @Required @Range(min = 1, max = 65535) int port,
      @Nullable String logName,
      @Nullable LogFormat logFormat,
      Location location) {}

  public record ExtAuthzHttp(
      @Required String service,
      @Required @Range(min = 1, max = 65535) int port,
      @Nullable Duration timeout,
      @Nullable String pathPrefix,
      boolean failOpen,
      boolean clearRouteCache,
      @Nullable String statusOnError,
      List<String> includeHeadersInCheck,
      List<String> includeRequestHeadersInCheck,
      Map<String, String> includeAdditionalHeadersInCheck,
      @Nullable ExtAuthzBody includeRequestBodyInCheck,
      List<String> headersToUpstreamOnAllow,
      List<String> headersToDownstreamOnDeny,
      List<String> headersToDownstreamOnAllow,
      Location location) {}

  public record ExtAuthzGrpc(
      @Required String service,
      @Required @Range(min = 1, max = 65535) int port,
      @Nullable Duration timeout,
      boolean failOpen,
      boolean clearRouteCache,
      @Nullable String statusOnError,
      @Nullable ExtAuthzBody includeRequestBodyInCheck,
      Location location) {}

  public record ExtAuthzBody(
      @Range(min = 0) long maxRequestBytes, boolean allowPartialMessage, boolean packAsBytes) {}

  public record Prometheus() {}
}
