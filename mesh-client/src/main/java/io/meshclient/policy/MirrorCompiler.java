package io.meshclient.policy;

import io.meshclient.istio.HttpRoute;
import io.meshclient.istio.Location;
import io.meshclient.istio.VirtualService.Destination;
import io.meshclient.istio.VirtualService.HttpRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the mirrors of a route. A share that is not given is all of it. */
final class MirrorCompiler {
  private static final double ALL = 100;

  private final Destinations destinations;

  MirrorCompiler(Destinations destinations) {
    this.destinations = destinations;
  }

  /**
   * The mirrors of a VirtualService's rule.
   *
   * @param namespace of the rule: short names are its services
   */
  List<MirrorPolicy> compile(HttpRule rule, String namespace, int port) {
    List<MirrorPolicy> mirrors = new ArrayList<>();
    if (rule.mirror() != null) {
      double legacy = rule.mirrorPercent() == null ? ALL : rule.mirrorPercent();
      add(mirrors, rule.mirror(), namespace, port, Shares.percent(rule.mirrorPercentage(), legacy));
    }
    rule.mirrors()
        .forEach(
            m ->
                add(
                    mirrors,
                    m.destination(),
                    namespace,
                    port,
                    Shares.percent(m.percentage(), ALL)));
    return mirrors;
  }

  private void add(
      List<MirrorPolicy> mirrors, Destination to, String namespace, int port, double percent) {
    Integer own = to.port() == null ? null : to.port().number();
    add(mirrors, to.host(), to.subset(), own, namespace, port, to.location(), percent);
  }

  /** The mirror of an HTTPRoute's filter, on top of those before it. */
  void add(
      List<MirrorPolicy> mirrors, HttpRoute.Mirror mirror, String owner, int port, String domain) {
    HttpRoute.BackendRef ref = mirror.backendRef();
    String namespace = ref.namespace() == null ? owner : ref.namespace();
    String host = ref.name() + "." + namespace + ".svc." + domain;
    add(mirrors, host, null, ref.port(), namespace, port, ref.location(), percent(mirror));
  }

  private static double percent(HttpRoute.Mirror mirror) {
    HttpRoute.Fraction fraction = mirror.fraction();
    if (fraction != null) {
      int of = fraction.denominator() == null ? 100 : fraction.denominator();
      return Math.min(ALL, ALL * fraction.numerator() / of);
    }
    return mirror.percent() == null ? ALL : mirror.percent();
  }

  private void add(
      List<MirrorPolicy> mirrors,
      String host,
      @Nullable String subset,
      @Nullable Integer ownPort,
      String namespace,
      int port,
      Location location,
      double percent) {
    if (percent <= 0) {
      return;
    }
    Destinations.Found found = destinations.find(host, subset, ownPort, namespace, port, location);
    WeightedCluster cluster =
        new WeightedCluster(found.name(), found.cluster(), 1, 503, List.of(), List.of(), null);
    mirrors.add(new MirrorPolicy(cluster, percent));
  }
}
