package io.meshclient.telemetry;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry for a service that has none: traces by OTLP, metrics by OTLP and as Prometheus
 * reads them, sampling by Istio's Telemetry resources.
 *
 * <pre>{@code
 * try (MeshTelemetry telemetry = MeshTelemetry.builder().service("web").build();
 *     MeshClient mesh = MeshClient.builder().telemetry(telemetry).build()) { ... }
 * }</pre>
 *
 * <p>OpenTelemetry's variables ({@code OTEL_*}) are honoured, and win over what the builder was
 * told. Without {@code OTEL_TRACES_EXPORTER}, {@code OTEL_EXPORTER_OTLP_ENDPOINT} and {@code
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT} spans go where the Telemetry resource's provider says, and
 * nowhere as long as none does. With {@code OTEL_TRACES_EXPORTER=none} they go nowhere at all, but
 * traces are sampled and go on through this service; with {@code OTEL_SDK_DISABLED=true} their
 * headers are only forwarded.
 *
 * <p>It takes the optional dependencies {@code opentelemetry-sdk}, {@code
 * opentelemetry-sdk-extension-autoconfigure} and {@code opentelemetry-exporter-otlp}. An
 * application with an SDK, an agent or a framework's tracing of its own needs none of this: clients
 * use what is there.
 *
 * <p>Safe from any thread.
 */
public final class MeshTelemetry implements AutoCloseable {
  private final SdkSetup setup;
  private final @Nullable String service;

  private MeshTelemetry(SdkSetup setup, @Nullable String service) {
    this.setup = setup;
    this.service = service;
  }

  /** A builder; what it is not told comes from the environment. */
  public static Builder builder() {
    return new Builder();
  }

  /** The service's name: as {@code OTEL_SERVICE_NAME} says, else the builder; else none. */
  public @Nullable String service() {
    return service;
  }

  /** What clients and servers record with. It is not made the process's global one. */
  public OpenTelemetry openTelemetry() {
    return setup.openTelemetry();
  }

  /**
   * All metrics as they stand, in <a
   * href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus' text
   * format</a>, version 0.0.4: the answer to a scrape.
   */
  public String prometheus() {
    return setup.prometheus();
  }

  /** What {@link #prometheus} is, as a media type. */
  public static String prometheusType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  /** Takes a configuration's word for sampling and for where spans go; from now on. */
  public void apply(TelemetryPolicy policy) {
    setup.apply(requireNonNull(policy, "policy"));
  }

  /** Sends what has been recorded; waits five seconds at most. */
  public void flush() {
    setup.flush();
  }

  /** Sends what has been recorded, within five seconds, and ends. */
  @Override
  public void close() {
    setup.close();
  }

  /** Builds a {@link MeshTelemetry}. For one thread. */
  public static final class Builder {
    private Map<String, String> variables = System.getenv();
    private @Nullable String service;
    private @Nullable String version;
    private @Nullable String namespace;
    private @Nullable Double percent;
    private final List<SamplingRules.Header> headers = new ArrayList<>();
    private boolean errors;
    private @Nullable Duration slow;
    private int perSecond = 10;

    private Builder() {}

    /**
     * The service's name, {@code service.name}, unless {@code OTEL_SERVICE_NAME} says otherwise.
     */
    public Builder service(String name) {
      service = requireNonNull(name, "name");
      return this;
    }

    /** The service's version, {@code service.version}. */
    public Builder version(String version) {
      this.version = requireNonNull(version, "version");
      return this;
    }

    /** The service's namespace; {@code POD_NAMESPACE} by default. */
    public Builder namespace(String namespace) {
      this.namespace = requireNonNull(namespace, "namespace");
      return this;
    }

    /**
     * Which share of the traces that begin here is sampled, as long as no Telemetry resource says
     * another; all by default, or as {@code OTEL_TRACES_SAMPLER} says.
     *
     * @param percent 0 to 100
     * @throws IllegalArgumentException if it is not
     */
    public Builder sampling(double percent) {
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException("percent: " + percent + " (expected: 0..100)");
      }
      this.percent = percent;
      return this;
    }

    /** Samples all requests with this header. */
    public Builder sampleHeader(String name, String value) {
      headers.add(
          new SamplingRules.Header(requireNonNull(name, "name"), requireNonNull(value, "value")));
      return this;
    }

    /**
     * Reports what failed, though it was not sampled: what this process did of the trace, for it is
     * known only at the end. Off by default, since all requests are recorded for it.
     */
    public Builder sampleErrors() {
      errors = true;
      return this;
    }

    /**
     * Reports what took at least this long, though it was not sampled, as {@link #sampleErrors}
     * does. Off by default.
     */
    public Builder sampleSlow(Duration atLeast) {
      slow = requireNonNull(atLeast, "atLeast");
      return this;
    }

    /**
     * How many traces a second the three rules may add at most; 10 by default. Callers' decisions,
     * such as a sampled {@code traceparent}, do not count.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public Builder forcedPerSecond(int traces) {
      if (traces <= 0) {
        throw new IllegalArgumentException("traces: " + traces + " (expected: > 0)");
      }
      perSecond = traces;
      return this;
    }

    /** Takes these variables for the environment's, {@code OTEL_*} among them. */
    public Builder environment(Map<String, String> variables) {
      this.variables = Map.copyOf(requireNonNull(variables, "variables"));
      return this;
    }

    /**
     * Sets it up.
     *
     * @throws IllegalArgumentException if a variable cannot be understood
     */
    public MeshTelemetry build() {
      SamplingRules rules =
          new SamplingRules(
              List.copyOf(headers), errors, slow, new RateCap(perSecond, System::nanoTime));
      String named = variables.getOrDefault("OTEL_SERVICE_NAME", "").strip();
      return new MeshTelemetry(
          new SdkSetup(variables, resource(), percent, rules), named.isEmpty() ? service : named);
    }

    private Map<String, String> resource() {
      Map<String, String> attributes = new HashMap<>();
      put(attributes, "service.name", service);
      put(attributes, "service.version", version);
      put(attributes, "service.namespace", namespace);
      ResourceOfPod.addTo(attributes, variables);
      return attributes;
    }

    private static void put(Map<String, String> to, String key, @Nullable String value) {
      if (value != null) {
        to.put(key, value);
      }
    }
  }
}
