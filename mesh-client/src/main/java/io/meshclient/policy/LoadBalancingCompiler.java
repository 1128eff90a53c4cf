package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.ConsistentHash;
import io.meshclient.istio.DestinationRule.HttpCookie;
import io.meshclient.istio.DestinationRule.LoadBalancer;
import io.meshclient.istio.DestinationRule.LocalityLb;
import io.meshclient.istio.DestinationRule.OutlierDetection;
import io.meshclient.istio.DestinationRule.Simple;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.policy.LoadBalancing.Policy;
import io.meshclient.policy.LoadBalancing.SlowStart;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Makes of a traffic policy what Istio tells Envoy of load balancing. */
final class LoadBalancingCompiler {
  private static final long RING_SIZE = 1024;
  private static final long MOST_ON_RING = 8 * 1024 * 1024;
  private static final long MAGLEV_SIZE = 65537;
  private static final long MOST_OF_MAGLEV = 5_000_011;
  private static final int CERTAINTY = 40;

  private final @Nullable LocalityLb meshWide;
  private final Problems problems;

  /**
   * @param meshWide {@code localityLbSetting} of the mesh, if it has one
   */
  LoadBalancingCompiler(@Nullable LocalityLb meshWide, Problems problems) {
    this.meshWide = meshWide;
    this.problems = problems;
  }

  LoadBalancing compile(@Nullable TrafficPolicy policy, TrafficDistribution distribution) {
    LoadBalancer balancer = policy == null ? null : policy.loadBalancer();
    OutlierDetection ejection = policy == null ? null : policy.outlierDetection();
    int panic =
        ejection == null || ejection.minHealthPercent() == null ? 0 : ejection.minHealthPercent();
    Locations locations = locations(policy, distribution);
    boolean weighted = LocalityPlacement.isWeighted(locations.setting, locations.fails);
    ConsistentHash hash = balancer == null ? null : balancer.consistentHash();
    if (policy != null && hash != null) {
      return new LoadBalancing(
          hash.maglev() == null ? Policy.RING_HASH : Policy.MAGLEV,
          hashPolicy(hash),
          tableSize(hash, policy),
          null,
          weighted,
          panic);
    }
    Policy simple = simple(balancer);
    SlowStart slowStart = simple == Policy.RANDOM ? null : slowStart(balancer);
    return new LoadBalancing(simple, null, 0, slowStart, weighted, panic);
  }

  /**
   * Which localities are preferred.
   *
   * @param setting {@code null} where localities do not count
   * @param fails whether some stand in for others: without ejection only where the service itself
   *     wants it
   */
  record Locations(@Nullable LocalityLb setting, boolean fails) {}

  /** The rule's setting, else the service's own wish, else the setting of the mesh. */
  Locations locations(@Nullable TrafficPolicy policy, TrafficDistribution distribution) {
    boolean ejects = policy != null && policy.outlierDetection() != null;
    LoadBalancer balancer = policy == null ? null : policy.loadBalancer();
    LocalityLb own = balancer == null ? null : balancer.localityLbSetting();
    LocalityLb wish = distribution.setting();
    if (own == null && wish != null) {
      return new Locations(wish, true);
    }
    LocalityLb setting = own == null ? meshWide : own;
    if (setting == null) {
      return new Locations(LocalityPlacement.BY_DEFAULT, ejects);
    }
    return new Locations(Boolean.FALSE.equals(setting.enabled()) ? null : setting, ejects);
  }

  private static Policy simple(@Nullable LoadBalancer balancer) {
    Simple simple = balancer == null ? null : balancer.simple();
    if (simple == Simple.ROUND_ROBIN) {
      return Policy.ROUND_ROBIN;
    }
    return simple == Simple.RANDOM ? Policy.RANDOM : Policy.LEAST_REQUEST;
  }

  private static @Nullable HashPolicy hashPolicy(ConsistentHash hash) {
    if (hash.httpHeaderName() != null) {
      return new HashPolicy.Header(Names.lower(hash.httpHeaderName()));
    }
    if (hash.httpCookie() != null) {
      return cookie(hash.httpCookie());
    }
    if (hash.httpQueryParameterName() != null) {
      return new HashPolicy.Query(hash.httpQueryParameterName());
    }
    return Boolean.TRUE.equals(hash.useSourceIp()) ? new HashPolicy.SourceAddress() : null;
  }

  private static HashPolicy cookie(HttpCookie cookie) {
    return new HashPolicy.Cookie(
        cookie.name(),
        cookie.ttl() == null ? null : cookie.ttl().toSeconds(),
        cookie.path() == null ? "" : cookie.path(),
        cookie.attributes().stream()
            .map(a -> new HashPolicy.Cookie.Attribute(a.name(), a.value() == null ? "" : a.value()))
            .toList());
  }

  private int tableSize(ConsistentHash hash, TrafficPolicy policy) {
    if (hash.maglev() != null) {
      return maglevSize(hash.maglev().tableSize(), policy);
    }
    Long asked =
        hash.ringHash() == null ? hash.minimumRingSize() : hash.ringHash().minimumRingSize();
    long size = asked == null || asked == 0 ? RING_SIZE : asked;
    if (size > MOST_ON_RING) {
      refused(policy, "minimumRingSize", size, "at most " + MOST_ON_RING, MOST_ON_RING);
    }
    return (int) Math.min(size, MOST_ON_RING);
  }

  private int maglevSize(@Nullable Long asked, TrafficPolicy policy) {
    long size = asked == null || asked == 0 ? MAGLEV_SIZE : asked;
    BigInteger number = BigInteger.valueOf(size);
    if (size <= MOST_OF_MAGLEV && number.isProbablePrime(CERTAINTY)) {
      return (int) size;
    }
    long used = size > MOST_OF_MAGLEV ? MOST_OF_MAGLEV : number.nextProbablePrime().longValue();
    refused(policy, "maglev.tableSize", size, "a prime up to " + MOST_OF_MAGLEV, used);
    return (int) used;
  }

  private void refused(TrafficPolicy policy, String field, long value, String expected, long used) {
    problems.add(
        Problems.Code.NOT_CARRIED_OUT,
        policy.location(),
        policy.location().path() + ".loadBalancer.consistentHash." + field,
        value + " (expected: " + expected + "); " + used + " is used");
  }

  private static @Nullable SlowStart slowStart(@Nullable LoadBalancer balancer) {
    if (balancer == null || balancer.warmup() == null) {
      return balancer == null || balancer.warmupDurationSecs() == null
          ? null
          : new SlowStart(balancer.warmupDurationSecs().toNanos(), 0.1, 1);
    }
    Double minimum = balancer.warmup().minimumPercent();
    Double aggression = balancer.warmup().aggression();
    return new SlowStart(
        balancer.warmup().duration().toNanos(),
        minimum == null ? 0.1 : minimum / 100,
        aggression == null ? 1 : aggression);
  }
}
