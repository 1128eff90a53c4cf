package io.meshclient.cli.export;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Telemetry;
import io.meshclient.istio.Telemetry.AccessLogging;
import io.meshclient.istio.Telemetry.Mode;
import io.meshclient.istio.Telemetry.ModeMatch;
import io.meshclient.istio.Telemetry.Tracing;
import io.meshclient.policy.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which Telemetry resources hold for a workload: the mesh's, its namespace's, its own; of each the
 * oldest, and what is nearer replaces what is further.
 */
final class TelemetryRules {
  private static final double ISTIOS_SAMPLING = 1;

  /**
   * What is traced.
   *
   * @param providers the names; empty for none
   * @param sampling of 100 requests
   */
  record Traced(List<String> providers, double sampling, Map<String, Telemetry.CustomTag> tags) {}

  private final Configuration configuration;
  private final Workload workload;
  private final List<Telemetry> levels = new ArrayList<>();

  TelemetryRules(Configuration configuration, Workload workload) {
    this.configuration = configuration;
    this.workload = workload;
    String root = configuration.mesh().rootNamespace();
    addOldest(t -> namespace(t).equals(root) && t.spec().selector() == null);
    if (!root.equals(workload.namespace())) {
      addOldest(t -> namespace(t).equals(workload.namespace()) && t.spec().selector() == null);
    }
    addOldest(this::selects);
  }

  private void addOldest(Predicate<Telemetry> which) {
    configuration.all(Telemetry.class).stream()
        .filter(t -> t.spec().targetRef() == null && t.spec().targetRefs().isEmpty())
        .filter(which)
        .min(Comparator.comparing(TelemetryRules::age))
        .ifPresent(levels::add);
  }

  private static Instant age(Telemetry telemetry) {
    Instant created = telemetry.metadata().creationTimestamp();
    return created == null ? Instant.MAX : created;
  }

  private String namespace(Telemetry telemetry) {
    return telemetry.metadata().namespaceOr(workload.namespace());
  }

  private boolean selects(Telemetry telemetry) {
    return telemetry.spec().selector() != null
        && namespace(telemetry).equals(workload.namespace())
        && telemetry.spec().selector().selects(workload.labels());
  }

  /** {@code null} where nothing is traced. */
  @Nullable Traced traced(Side side) {
    List<String> providers = defaults(true);
    double sampling = ISTIOS_SAMPLING;
    Map<String, Telemetry.CustomTag> tags = Map.of();
    boolean disabled = !configuration.mesh().enableTracing();
    for (Telemetry level : levels) {
      for (Tracing tracing : level.spec().tracing()) {
        if (!holds(tracing.match(), side)) {
          continue;
        }
        providers = tracing.providers().isEmpty() ? providers : names(tracing.providers());
        sampling =
            tracing.randomSamplingPercentage() == null
                ? sampling
                : tracing.randomSamplingPercentage();
        tags = tracing.customTags().isEmpty() ? tags : tracing.customTags();
        disabled =
            tracing.disableSpanReporting() == null ? disabled : tracing.disableSpanReporting();
      }
    }
    return disabled ? null : new Traced(providers, sampling, tags);
  }

  /** The names of the providers that log, each with its filter; {@code null} for no word on it. */
  @Nullable List<AccessLogging> logged(Side side) {
    List<AccessLogging> found = null;
    for (Telemetry level : levels) {
      List<AccessLogging> here =
          level.spec().accessLogging().stream().filter(l -> holds(l.match(), side)).toList();
      found = here.isEmpty() ? found : here;
    }
    return found;
  }

  List<String> defaultLogs() {
    return defaults(false);
  }

  private List<String> defaults(boolean tracing) {
    var defaults = configuration.mesh().defaultProviders();
    if (defaults == null) {
      return List.of();
    }
    return tracing ? defaults.tracing() : defaults.accessLogging();
  }

  static List<String> names(List<Telemetry.ProviderRef> providers) {
    return providers.stream().map(Telemetry.ProviderRef::name).toList();
  }

  private static boolean holds(@Nullable ModeMatch match, Side side) {
    Mode mode = match == null ? null : match.mode();
    return mode == null
        || mode == Mode.CLIENT_AND_SERVER
        || (mode == Mode.CLIENT) == (side == Side.OUTBOUND);
  }
}
