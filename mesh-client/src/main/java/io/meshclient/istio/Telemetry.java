package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code telemetry.istio.io Telemetry}: what is traced, counted and logged. */
public record Telemetry(ObjectMeta metadata, Spec spec, Location location) implements Resource {

  public record Spec(
      @Nullable Selector selector,
      @Nullable TargetRef targetRef,
      List<TargetRef> targetRefs,
      List<Tracing> tracing,
      List<Metrics> metrics,
      List<AccessLogging> accessLogging) {}

  /** The side of a call: as a client, as a server, or both. */
  public enum Mode {
    CLIENT_AND_SERVER,
    CLIENT,
    SERVER
  }

  public record ModeMatch(@Nullable Mode mode) {}

  public record ProviderRef(@Required String name) {}

  /**
   * Which requests are traced, and what their spans say.
   *
   * @param randomSamplingPercentage of the requests that carry no decision, 0 to 100
   */
  public record Tracing(
      @Nullable ModeMatch match,
      List<ProviderRef> providers,
      @Nullable @Range(min = 0, max = 100) Double randomSamplingPercentage,
      @Nullable Boolean disableSpanReporting,
      Map<String, CustomTag> customTags,
      @Nullable Boolean useRequestIdForTraceSampling,
      @Nullable Boolean enableIstioTags,
      @Nullable Boolean disableContextPropagation,
      Location location) {}

  @AtMostOne({"literal", "environment", "header", "formatter"})
  public record CustomTag(
      @Nullable Literal literal,
      @Nullable Environment environment,
      @Nullable RequestHeader header,
      @Nullable Formatter formatter) {}

  public record Literal(@Required String value) {}

  public record Environment(@Required String name, @Nullable String defaultValue) {}

  public record RequestHeader(@Required String name, @Nullable String defaultValue) {}

  /**
   * A value put together from parts of the request.
   *
   * @param value a text with Envoy's command operators
   */
  public record Formatter(@Required String value) {}

  public record Metrics(
      List<ProviderRef> providers,
      List<MetricsOverride> overrides,
      @Nullable Duration reportingInterval,
      Location location) {}

  public record MetricsOverride(
      @Nullable MetricSelector match,
      @Nullable Boolean disabled,
      Map<String, TagOverride> tagOverrides) {}

  @AtMostOne({"metric", "customMetric"})
  public record MetricSelector(
      @Nullable Metric metric, @Nullable String customMetric, @Nullable Mode mode) {}

  public enum Metric {
    ALL_METRICS,
    REQUEST_COUNT,
    REQUEST_DURATION,
    REQUEST_SIZE,
    RESPONSE_SIZE,
    TCP_OPENED_CONNECTIONS,
    TCP_CLOSED_CONNECTIONS,
    TCP_SENT_BYTES,
    TCP_RECEIVED_BYTES,
    GRPC_REQUEST_MESSAGES,
    GRPC_RESPONSE_MESSAGES
  }

  public record TagOverride(@Nullable TagOperation operation, @Nullable String value) {}

  public enum TagOperation {
    UPSERT,
    REMOVE
  }

  public record AccessLogging(
      @Nullable ModeMatch match,
      List<ProviderRef> providers,
      @Nullable Boolean disabled,
      @Nullable Filter filter,
      Location location) {}

  /**
   * Which requests are logged.
   *
   * @param expression in CEL
   */
  public record Filter(@Nullable String expression) {}
}
