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
  private static final String HOST_NAME = "kubernetes.io/hostname";

  private final @Nullable LocalityLb meshWide;
  private final Problems problems;

  /**
   * @param meshWide {@code localityLbSetting} of the mesh, if it has one
   */
  LoadBalancingCompiler(@Nullable LocalityLb meshWide, Problems problems) {
    this.meshWide = meshWide;
    this.problems = problems;
  }

  LoadBalancing compile(@Nullable TrafficPolicy policy) {
    LoadBalancer balancer = policy == null ? null : policy.loadBalancer();
    OutlierDetection ejection = policy == null ? null : policy.outlierDetection();
    int panic =
        ejection == null || ejection.minHealthPercent() == null ? 0 : ejection.minHealthPercent();
    LocalityLb locality = locality(policy);
    if (locality != null && ejection != null) {
      check(locality);
    }
    boolean weighted = LocalityPlacement.isWeighted(locality, ejection != null);
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

  /** The rule's setting, else that of the mesh; {@code null} where localities do not count. */
  @Nullable LocalityLb locality(@Nullable TrafficPolicy policy) {
    LoadBalancer balancer = policy == null ? null : policy.loadBalancer();
    LocalityLb own = balancer == null ? null : balancer.localityLbSetting();
    LocalityLb setting = own == null ? meshWide : own;
    if (setting == null) {
      return LocalityPlacement.BY_DEFAULT;
    }
    return Boolean.FALSE.equals(setting.enabled()) ? null : setting;
  }

  /** Istio takes the node's name for a label; here only labels that are written down count. */
  private void check(LocalityLb locality) {
    if (locality.failoverPriority().contains(HOST_NAME)) {
      problems.add(
          Problems.Code.NOT_CARRIED_OUT,
          locality.location(),
          locality.location().path() + ".failoverPriority",
          HOST_NAME
              + " is not carried out by this version, unless callers and pods have the label");
    }
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
