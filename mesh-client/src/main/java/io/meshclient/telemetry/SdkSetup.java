package io.meshclient.telemetry;

import io.meshclient.context.TracePropagation;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sets an SDK up by OpenTelemetry's own auto-configuration, with our sampler and our exporter. */
final class SdkSetup {
  private static final int SECONDS = 5;

  private final ProviderExporter provider = new ProviderExporter();
  private final PrometheusReader prometheus = new PrometheusReader();
  private final SamplingRules rules;
  private final @Nullable Double percent;
  private final OpenTelemetrySdk sdk;
  private final List<LateSpans> processors = new ArrayList<>();
  private @Nullable MeshSampler sampler;

  /**
   * @param variables the environment
   * @param attributes of the resource, where the environment does not name them
   * @param percent of the traces that begin here; {@code null} for as the environment says
   */
  SdkSetup(
      Map<String, String> variables,
      Map<String, String> attributes,
      @Nullable Double percent,
      SamplingRules rules) {
    this.percent = percent;
    this.rules = rules;
    ContextPropagators propagators = TracePropagation.fromEnvironment(variables);
    try {
      this.sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook() // close() flushes
              .addPropertiesSupplier(() -> defaults(variables))
              .addPropertiesCustomizer(config -> properties(variables))
              .addResourceCustomizer((named, config) -> resource(attributes).merge(named(named)))
              .addPropagatorCustomizer((theirs, config) -> propagator(propagators))
              .addSamplerCustomizer(this::sampler)
              .addSpanProcessorCustomizer((processor, config) -> late(processor))
              .addTracerProviderCustomizer(
                  (builder, config) ->
                      reportsNothing(variables)
                          ? builder.addSpanProcessor(new UnreportedSpans())
                          : reportsTraces(variables)
                              ? builder
                              : builder.addSpanProcessor(late(batch(config))))
              .addMeterProviderCustomizer(
                  (builder, config) -> builder.registerMetricReader(prometheus))
              .build()
              .getOpenTelemetrySdk();
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  OpenTelemetry openTelemetry() {
    return sdk;
  }

  String prometheus() {
    return prometheus.text();
  }

  void apply(TelemetryPolicy policy) {
    provider.apply(policy.provider());
    TracingPolicy client = policy.client().tracing();
    TracingPolicy server = policy.server().tracing();
    if (sampler != null) {
      sampler.apply(client.percentOr(percent), server.percentOr(percent));
    }
    processors.forEach(processor -> processor.silence(client.silent(), server.silent()));
  }

  void flush() {
    CompletableResultCode.ofAll(
            List.of(
                sdk.getSdkTracerProvider().forceFlush(),
                sdk.getSdkMeterProvider().forceFlush(),
                sdk.getSdkLoggerProvider().forceFlush()))
        .join(SECONDS, TimeUnit.SECONDS);
  }

  void close() {
    sdk.shutdown().join(SECONDS, TimeUnit.SECONDS);
  }

  private Sampler sampler(Sampler ofEnvironment, ConfigProperties config) {
    MeshSampler made = new MeshSampler(ofEnvironment, rules);
    made.apply(percent, percent);
    sampler = made;
    return made;
  }

  private SpanProcessor late(SpanProcessor processor) {
    LateSpans made = new LateSpans(processor, rules, System::nanoTime);
    processors.add(made);
    return made;
  }

  private BatchSpanProcessor batch(ConfigProperties config) {
    return BatchSpanProcessor.builder(provider)
        .setScheduleDelay(config.getLong("otel.bsp.schedule.delay", 5000), TimeUnit.MILLISECONDS)
        .setMaxQueueSize(config.getInt("otel.bsp.max.queue.size", 2048))
        .setMaxExportBatchSize(config.getInt("otel.bsp.max.export.batch.size", 512))
        .setExporterTimeout(
            config.getLong("otel.bsp.export.timeout", 30_000), TimeUnit.MILLISECONDS)
        .build();
  }

  /** Auto-configuration would send everything to localhost, whoever listens there. */
  private static Map<String, String> defaults(Map<String, String> variables) {
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.traces.exporter", hasEndpoint(variables, "TRACES") ? "otlp" : "none");
    defaults.put("otel.metrics.exporter", hasEndpoint(variables, "METRICS") ? "otlp" : "none");
    defaults.put("otel.logs.exporter", "none");
    return defaults;
  }

  /** The given environment's, whatever the process's own says; the propagators are made here. */
  private static Map<String, String> properties(Map<String, String> variables) {
    Map<String, String> properties = new HashMap<>();
    variables.forEach(
        (name, value) -> {
          if (name.startsWith("OTEL_") && !value.isBlank()) {
            properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    properties.put("otel.propagators", "tracecontext"); // "none" would not be customized
    return properties;
  }

  /** Whether the environment says where spans go, rather than the Telemetry resource. */
  private static boolean reportsTraces(Map<String, String> variables) {
    return hasEndpoint(variables, "TRACES")
        || !exporter(variables).isEmpty() && !reportsNothing(variables);
  }

  /** How long a request may take, and what it is like, says nothing of where it goes. */
  private static boolean hasEndpoint(Map<String, String> variables, String signal) {
    return isSet(variables, "OTEL_EXPORTER_OTLP_ENDPOINT")
        || isSet(variables, "OTEL_EXPORTER_OTLP_" + signal + "_ENDPOINT");
  }

  private static boolean isSet(Map<String, String> variables, String name) {
    return !variables.getOrDefault(name, "").isBlank();
  }

  /** Whether the environment wants spans that nobody hears of. */
  private static boolean reportsNothing(Map<String, String> variables) {
    return exporter(variables).equals("none");
  }

  private static String exporter(Map<String, String> variables) {
    return variables.getOrDefault("OTEL_TRACES_EXPORTER", "").strip();
  }

  private static Resource resource(Map<String, String> attributes) {
    AttributesBuilder builder = Attributes.builder();
    attributes.forEach(builder::put);
    return Resource.create(builder.build());
  }

  /** What auto-configuration found, without the name that it gives services that have none. */
  private static Resource named(Resource found) {
    String name =
        found.getAttribute(io.opentelemetry.api.common.AttributeKey.stringKey("service.name"));
    if (name == null || !name.startsWith("unknown_service")) {
      return found;
    }
    return found.toBuilder().removeIf(key -> key.getKey().equals("service.name")).build();
  }

  private static TextMapPropagator propagator(@Nullable ContextPropagators propagators) {
    return (propagators == null ? TracePropagation.of() : propagators).getTextMapPropagator();
  }
}
