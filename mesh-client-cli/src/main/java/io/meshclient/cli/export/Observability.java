package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.cli.options.HostPort;
import io.meshclient.istio.ExtensionProvider;
import io.meshclient.istio.ExtensionProvider.OpenTelemetry;
import io.meshclient.istio.MeshConfig;
import io.meshclient.istio.Telemetry.CustomTag;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.MeshPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what is logged of requests, and which are traced. */
final class Observability {
  private static final String COLLECTOR = "tracing";
  private static final String SAMPLERS = "envoy.tracers.opentelemetry.samplers";
  private static final String SAMPLER_TYPES = "envoy.extensions.tracers.opentelemetry.samplers.v3";

  private final MeshConfig mesh;
  private final TelemetryRules rules;
  private final SidecarOptions options;
  private final MeshPolicy policy;

  Observability(MeshConfig mesh, TelemetryRules rules, SidecarOptions options, MeshPolicy policy) {
    this.mesh = mesh;
    this.rules = rules;
    this.options = options;
    this.policy = policy;
  }

  List<JsonObject> accessLogs(Side side) {
    return new AccessLogs(mesh, rules).of(side);
  }

  /** {@code null} where nobody collects traces. */
  @Nullable JsonObject tracing(Side side) {
    TelemetryRules.Traced traced = rules.traced(side);
    String cluster = traced == null ? null : collector(traced);
    if (traced == null || cluster == null) {
      return null;
    }
    List<JsonObject> tags = new ArrayList<>();
    new TreeMap<>(traced.tags()).forEach((name, tag) -> tags.add(tag(name, tag)));
    tags.add(literal("istio.namespace", policy.workload().namespace()));
    tags.add(literal("istio.canonical_service", options.name()));
    return Json.object(
        "client_sampling",
        Json.object("value", 100),
        "random_sampling",
        Json.object("value", 100), // the tracer's own sampler decides
        "overall_sampling",
        Json.object("value", 100),
        "custom_tags",
        tags,
        "provider",
        Json.extension(
            "envoy.tracers.opentelemetry",
            "envoy.config.trace.v3.OpenTelemetryConfig",
            "grpc_service",
            Json.object("envoy_grpc", Json.object("cluster_name", cluster), "timeout", "10s"),
            "service_name",
            options.name() + "." + policy.workload().namespace(),
            "sampler",
            parentBased(traced.sampling())));
  }

  /**
   * Goes by the caller's decision, and draws only where there is none. Envoy's own sampling draws
   * for each hop anew, whatever the trace says, which leaves holes in traces.
   */
  private static JsonObject parentBased(double percent) {
    JsonObject share =
        Json.object("numerator", Math.round(percent * 10_000), "denominator", "MILLION");
    return Json.extension(
        SAMPLERS + ".parent_based",
        SAMPLER_TYPES + ".ParentBasedSamplerConfig",
        "wrapped_sampler",
        Json.extension(
            SAMPLERS + ".trace_id_ratio_based",
            SAMPLER_TYPES + ".TraceIdRatioBasedSamplerConfig",
            "sampling_percentage",
            share));
  }

  private static JsonObject tag(String name, CustomTag tag) {
    if (tag.header() != null) {
      return Json.object(
          "tag",
          name,
          "request_header",
          Json.object("name", tag.header().name(), "default_value", tag.header().defaultValue()));
    }
    if (tag.environment() != null) {
      return Json.object(
          "tag",
          name,
          "environment",
          Json.object(
              "name", tag.environment().name(), "default_value", tag.environment().defaultValue()));
    }
    if (tag.formatter() != null) {
      return Json.object("tag", name, "value", tag.formatter().value());
    }
    return literal(name, tag.literal() == null ? "" : tag.literal().value());
  }

  private static JsonObject literal(String name, String value) {
    return Json.object("tag", name, "literal", Json.object("value", value));
  }

  private @Nullable String collector(TelemetryRules.Traced traced) {
    if (options.tracing() != null) {
      return COLLECTOR;
    }
    OpenTelemetry provider = provider(traced.providers());
    return provider == null ? null : clusterOf(provider);
  }

  private @Nullable OpenTelemetry provider(List<String> names) {
    for (String name : names) {
      ExtensionProvider provider = mesh.extensionProvider(name);
      if (provider != null && provider.opentelemetry() != null) {
        return provider.opentelemetry();
      }
    }
    return null;
  }

  private static String clusterOf(OpenTelemetry provider) {
    return Cluster.nameOf(provider.port(), null, host(provider));
  }

  /** A provider's host may have its namespace in front. */
  private static String host(OpenTelemetry provider) {
    return provider.service().substring(provider.service().indexOf('/') + 1);
  }

  /** The collectors' clusters that the policy itself does not have. */
  List<JsonObject> clusters() {
    if (options.tracing() != null) {
      return List.of(collector(COLLECTOR, options.tracing()));
    }
    List<JsonObject> clusters = new ArrayList<>();
    for (Side side : Side.values()) {
      TelemetryRules.Traced traced = rules.traced(side);
      OpenTelemetry provider = traced == null ? null : provider(traced.providers());
      String name = provider == null ? "" : clusterOf(provider);
      boolean known = clusters.stream().anyMatch(c -> c.get("name").getAsString().equals(name));
      if (provider != null && policy.cluster(name) == null && !known) {
        clusters.add(collector(name, new HostPort(host(provider), provider.port())));
      }
    }
    return clusters;
  }

  private static JsonObject collector(String name, HostPort at) {
    String options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    JsonObject endpoint =
        Json.object("endpoint", Json.object("address", Json.socketAddress(at.host(), at.port())));
    return Json.object(
        "name",
        name,
        "type",
        "STRICT_DNS",
        "connect_timeout",
        "5s",
        "typed_extension_protocol_options",
        Json.object(
            options,
            Json.typed(
                options,
                "explicit_http_config",
                Json.object("http2_protocol_options", new JsonObject()))),
        "load_assignment",
        Json.object(
            "cluster_name",
            name,
            "endpoints",
            List.of(Json.object("lb_endpoints", List.of(endpoint)))));
  }
}
