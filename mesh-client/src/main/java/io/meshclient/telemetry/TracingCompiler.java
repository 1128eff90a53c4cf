package io.meshclient.telemetry;

import io.meshclient.istio.ExtensionProvider;
import io.meshclient.istio.Location;
import io.meshclient.istio.Telemetry;
import io.meshclient.istio.Telemetry.CustomTag;
import io.meshclient.istio.Telemetry.Mode;
import io.meshclient.telemetry.TracingPolicy.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tracing part of Telemetry resources: each field holds until a closer resource has it. */
final class TracingCompiler {
  private final TelemetryCompiler compiler;

  TracingCompiler(TelemetryCompiler compiler) {
    this.compiler = compiler;
  }

  TracingPolicy of(Mode side) {
    Double percent = defaultSampling();
    boolean silent = !compiler.mesh().enableTracing();
    Map<String, CustomTag> tags = Map.of();
    Telemetry.Tracing tagged = null;
    for (Telemetry telemetry : compiler.inForce()) {
      for (Telemetry.Tracing tracing : telemetry.spec().tracing()) {
        if (!TelemetryCompiler.covers(
            tracing.match() == null ? null : tracing.match().mode(), side)) {
          continue;
        }
        percent =
            tracing.randomSamplingPercentage() == null
                ? percent
                : tracing.randomSamplingPercentage();
        silent = tracing.disableSpanReporting() == null ? silent : tracing.disableSpanReporting();
        if (!tracing.customTags().isEmpty()) {
          tags = tracing.customTags();
          tagged = tracing;
        }
      }
    }
    return new TracingPolicy(percent, silent, tags(tags, tagged));
  }

  /** {@code defaultConfig.tracing.sampling}, which Telemetry resources have taken the place of. */
  private @Nullable Double defaultSampling() {
    return compiler.mesh().defaultConfig().get("tracing") instanceof Map<?, ?> tracing
            && tracing.get("sampling") instanceof Number sampling
        ? sampling.doubleValue()
        : null;
  }

  private List<Tag> tags(Map<String, CustomTag> tags, Telemetry.@Nullable Tracing of) {
    List<Tag> made = new ArrayList<>();
    tags.forEach(
        (name, tag) -> {
          Location location = of == null ? Location.NONE : of.location();
          Function<RequestFacts, @Nullable String> value =
              compiler.orNull(location, "customTags." + name, () -> value(tag));
          if (value != null) {
            made.add(new Tag(name, value));
          }
        });
    return made;
  }

  private static Function<RequestFacts, @Nullable String> value(CustomTag tag) {
    if (tag.literal() != null) {
      String literal = tag.literal().value();
      return facts -> literal;
    }
    if (tag.environment() != null) {
      String variable = System.getenv(tag.environment().name());
      String value = variable == null ? tag.environment().defaultValue() : variable;
      return facts -> value;
    }
    if (tag.header() != null) {
      String name = tag.header().name().toLowerCase(Locale.ROOT);
      String otherwise = tag.header().defaultValue();
      return facts -> {
        String value = Headers.value(facts, name, true);
        return value == null ? otherwise : value;
      };
    }
    if (tag.formatter() != null) {
      AccessLogFormat format = AccessLogFormat.text(tag.formatter().value(), false);
      return format::line;
    }
    throw new IllegalArgumentException(
        "nothing (expected: literal, environment, header or formatter)");
  }

  /** The first provider that the closest resource names, else the mesh's default one. */
  @Nullable TracingProvider provider() {
    String name = null;
    Telemetry.Tracing by = null;
    for (Telemetry telemetry : compiler.inForce()) {
      for (Telemetry.Tracing tracing : telemetry.spec().tracing()) {
        if (!tracing.providers().isEmpty()) {
          name = tracing.providers().get(0).name();
          by = tracing;
        }
      }
    }
    var defaults = compiler.mesh().defaultProviders();
    if (name == null && defaults != null && !defaults.tracing().isEmpty()) {
      name = defaults.tracing().get(0);
    }
    if (name == null) {
      return null;
    }
    ExtensionProvider found = compiler.mesh().extensionProvider(name);
    if (found != null && found.opentelemetry() != null) {
      ExtensionProvider.OpenTelemetry settings = found.opentelemetry();
      return compiler.orNull(
          settings.location(), "extensionProviders." + name, () -> provider(settings));
    }
    if (by != null) {
      compiler.problem(
          TelemetryCompiler.NO_PROVIDER,
          by.location(),
          "providers[0].name: "
              + name
              + (found == null ? "" : ", which is not of OpenTelemetry's protocol")
              + " (expected: an opentelemetry entry of meshConfig.extensionProviders)");
    }
    return null;
  }

  private static TracingProvider provider(ExtensionProvider.OpenTelemetry settings) {
    Map<String, String> headers = new HashMap<>();
    var http = settings.http();
    var grpc = settings.grpc();
    List<ExtensionProvider.HttpHeader> named =
        http != null ? http.headers() : grpc != null ? grpc.initialMetadata() : List.of();
    for (ExtensionProvider.HttpHeader header : named) {
      String value = header.envName() == null ? header.value() : System.getenv(header.envName());
      if (value != null) {
        headers.put(header.name(), value);
      }
    }
    String service = settings.service();
    return new TracingProvider(
        service.substring(service.indexOf('/') + 1),
        settings.port(),
        http == null ? null : http.path(),
        headers,
        http != null ? http.timeout() : grpc != null ? grpc.timeout() : null);
  }
}
