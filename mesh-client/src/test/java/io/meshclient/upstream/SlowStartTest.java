package io.meshclient.upstream;

import static io.meshclient.upstream.Endpoints.many;
import static io.meshclient.upstream.Endpoints.seeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshclient.istio.Location;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.ClusterSettings;
import io.meshclient.policy.Endpoint;
import io.meshclient.policy.LoadBalancing;
import io.meshclient.policy.LoadBalancing.Policy;
import io.meshclient.policy.LoadBalancing.SlowStart;
import io.meshclient.policy.PoolLimits;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SlowStartTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    // age in seconds of ten, minimum, aggression: part of the full share
    "0, 0.1, 1, 0.1",
    "3, 0.1, 1, 0.3",
    "9, 0.1, 1, 0.9",
    "10, 0.1, 1, 1",
    "5, 0.5, 1, 0.5",
    "1, 0.5, 1, 0.5",
    "2.5, 0.1, 2, 0.5",
    "0.1, 0.1, 2, 0.1",
  })
  void share_growsWithAge(double seconds, double minimum, double aggression, double part) {
    SlowStart slowStart = new SlowStart(10 * SECOND, minimum, aggression);
    assertThat(ChanceByWeight.part(slowStart, (long) (seconds * SECOND)))
        .isCloseTo(part, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(
      value = Policy.class,
      names = {"ROUND_ROBIN", "LEAST_REQUEST"})
  void endpoint_thatCameLater_growsIntoItsShare(Policy policy) {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND);
    ClusterState state = new ClusterState(cluster(policy, many(2)), seeded(clock));
    assertThat(count(state, 2_000).get("e0")).isBetween(900, 1_100);
    // The clock of the JVM may run over.
    clock.addAndGet(2 * SECOND);
    state.update(cluster(policy, many(3)));
    // 0.5 of 2.5 shares.
    assertThat(count(state, 5_000).get("e2")).isBetween(850, 1_150);
    clock.addAndGet(24 * SECOND);
    // 0.8 of 2.8 shares.
    assertThat(count(state, 5_000).get("e2")).isBetween(1_280, 1_580);
    clock.addAndGet(6 * SECOND);
    assertThat(count(state, 6_000).get("e2")).isBetween(1_850, 2_150);
  }

  @Test
  void endpoint_thatStays_keepsItsState() {
    ClusterState state =
        new ClusterState(cluster(Policy.ROUND_ROBIN, many(3)), seeded(new AtomicLong()));
    EndpointState first = state.endpoints().get(0);
    state.update(cluster(Policy.ROUND_ROBIN, many(2)));
    assertThat(state.endpoints()).hasSize(2).first().isSameAs(first);
    first.ejected(true);
    state.healthChanged();
    assertThat(count(state, 10)).containsOnlyKeys("e1");
  }

  private static Map<String, Integer> count(ClusterState state, int picks) {
    return Endpoints.count(picks, () -> state.pick(List.of(), List.of()));
  }

  private static Cluster cluster(Policy policy, List<Endpoint> endpoints) {
    LoadBalancing balancing =
        new LoadBalancing(policy, null, 0, new SlowStart(30 * SECOND, 0.5, 1), false, 0);
    return new Cluster(
        "test",
        "test",
        "",
        1,
        Cluster.Discovery.STATIC,
        endpoints,
        new ClusterSettings(balancing, 1, null, null, PoolLimits.DEFAULT, false),
        Location.NONE);
  }
}
