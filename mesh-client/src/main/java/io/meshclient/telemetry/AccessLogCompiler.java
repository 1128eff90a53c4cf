package io.meshclient.telemetry;

import io.meshclient.istio.ExtensionProvider;
import io.meshclient.istio.ExtensionProvider.EnvoyFileAccessLog;
import io.meshclient.istio.ExtensionProvider.LogFormat;
import io.meshclient.istio.IstioAccessLog;
import io.meshclient.istio.Location;
import io.meshclient.istio.MeshConfig;
import io.meshclient.istio.Telemetry;
import io.meshclient.istio.Telemetry.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The access logs of one side: the providers that resources name, else MeshConfig's own file. A
 * closer resource's filter takes the place of those before it.
 */
final class AccessLogCompiler {

  /** The provider that stands for {@code accessLogFile} and its kin. */
  private static final String BUILT_IN = "envoy";

  private static final class Logging {
    @Nullable String expression;
    Location location = Location.NONE;
    boolean disabled;
  }

  private final TelemetryCompiler compiler;
  private final @Nullable Boolean wanted;

  /**
   * @param wanted the application's own word
   */
  AccessLogCompiler(TelemetryCompiler compiler, @Nullable Boolean wanted) {
    this.compiler = compiler;
    this.wanted = wanted;
  }

  List<AccessLogSink> of(Mode side) {
    return Boolean.FALSE.equals(wanted) ? List.of() : configured(side);
  }

  private List<AccessLogSink> configured(Mode side) {
    Map<String, Logging> providers = new LinkedHashMap<>();
    boolean said = false;
    for (Telemetry telemetry : compiler.inForce()) {
      for (Telemetry.AccessLogging logging : telemetry.spec().accessLogging()) {
        if (TelemetryCompiler.covers(
            logging.match() == null ? null : logging.match().mode(), side)) {
          said = true;
          names(logging, providers).forEach(name -> apply(logging, name, providers));
        }
      }
    }
    if (!said) {
      return byDefault() ? sinks(Map.of(BUILT_IN, new Logging())) : List.of();
    }
    return sinks(providers);
  }

  private boolean byDefault() {
    String file = compiler.mesh().accessLogFile();
    return Boolean.TRUE.equals(wanted) || file != null && !file.isEmpty();
  }

  /** Those named, else those named before, else the mesh's default ones. */
  private List<String> names(Telemetry.AccessLogging logging, Map<String, Logging> before) {
    if (!logging.providers().isEmpty()) {
      return logging.providers().stream().map(Telemetry.ProviderRef::name).toList();
    }
    if (!before.isEmpty()) {
      return List.copyOf(before.keySet());
    }
    var defaults = compiler.mesh().defaultProviders();
    return defaults == null || defaults.accessLogging().isEmpty()
        ? List.of(BUILT_IN)
        : defaults.accessLogging();
  }

  private static void apply(
      Telemetry.AccessLogging logging, String name, Map<String, Logging> providers) {
    Logging provider = providers.computeIfAbsent(name, key -> new Logging());
    provider.location = logging.location();
    provider.disabled = Boolean.TRUE.equals(logging.disabled());
    if (logging.filter() != null && logging.filter().expression() != null) {
      provider.expression = logging.filter().expression();
    }
  }

  private List<AccessLogSink> sinks(Map<String, Logging> providers) {
    List<AccessLogSink> sinks = new ArrayList<>();
    providers.forEach(
        (name, logging) -> {
          AccessLogSink sink = logging.disabled ? null : sink(name, logging);
          if (sink != null) {
            sinks.add(sink);
          }
        });
    return sinks;
  }

  private @Nullable AccessLogSink sink(String name, Logging logging) {
    ExtensionProvider provider = compiler.mesh().extensionProvider(name);
    EnvoyFileAccessLog file = provider == null ? null : provider.envoyFileAccessLog();
    if (file == null) {
      compiler.problem(
          TelemetryCompiler.NO_PROVIDER,
          logging.location,
          "accessLogging: provider "
              + name
              + " (expected: an envoyFileAccessLog entry of meshConfig.extensionProviders)");
      return null;
    }
    return compiler.orNull(
        logging.location,
        "accessLogging",
        () -> new AccessLogSink(path(file, name), format(file), filter(logging.expression)));
  }

  private static @Nullable Predicate<RequestFacts> filter(@Nullable String expression) {
    return expression == null || expression.isBlank() ? null : CelFilter.parse(expression);
  }

  private String path(EnvoyFileAccessLog file, String name) {
    String ofMesh = compiler.mesh().accessLogFile();
    if (name.equals(BUILT_IN) && ofMesh != null && !ofMesh.isEmpty()) {
      return ofMesh;
    }
    return file.path() == null || file.path().isEmpty() ? "/dev/stdout" : file.path();
  }

  private AccessLogFormat format(EnvoyFileAccessLog file) {
    LogFormat format = file.logFormat();
    boolean omits = file.omitEmptyValues();
    if (format != null && format.text() != null) {
      return AccessLogFormat.text(line(format.text()), omits);
    }
    if (format != null && !format.labels().isEmpty()) {
      return AccessLogFormat.json(texts(format.labels()), omits);
    }
    MeshConfig mesh = compiler.mesh();
    String ofMesh = mesh.accessLogFormat();
    boolean json = mesh.accessLogEncoding() == MeshConfig.AccessLogEncoding.JSON;
    if (format != null || ofMesh == null || ofMesh.isEmpty()) {
      return json || format != null
          ? AccessLogFormat.istioJson(omits)
          : AccessLogFormat.text(IstioAccessLog.TEXT, omits);
    }
    return json
        ? AccessLogFormat.json(JsonFields.parse(ofMesh), omits)
        : AccessLogFormat.text(line(ofMesh), omits);
  }

  private static String line(String format) {
    return format.endsWith("\n") ? format : format + "\n";
  }

  private static Map<String, String> texts(Map<String, Object> labels) {
    Map<String, String> texts = new LinkedHashMap<>();
    labels.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }
}
