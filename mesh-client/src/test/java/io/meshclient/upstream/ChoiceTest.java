package io.meshclient.upstream;

import static io.meshclient.upstream.Endpoints.at;
import static io.meshclient.upstream.Endpoints.balancing;
import static io.meshclient.upstream.Endpoints.choice;
import static io.meshclient.upstream.Endpoints.count;
import static io.meshclient.upstream.Endpoints.eject;
import static io.meshclient.upstream.Endpoints.endpoint;
import static io.meshclient.upstream.Endpoints.many;
import static io.meshclient.upstream.Endpoints.states;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.meshclient.policy.LoadBalancing;
import io.meshclient.policy.LoadBalancing.Policy;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChoiceTest {

  @Test
  void roundRobin_takesTurnsByWeight() {
    Choice choice =
        choice(
            balancing(Policy.ROUND_ROBIN), states(List.of(endpoint("a", 1), endpoint("heavy", 3))));
    assertThat(count(choice, 40)).containsExactlyInAnyOrderEntriesOf(Map.of("a", 10, "heavy", 30));
  }

  @Test
  void roundRobin_withWeightsFarApart_doesNotForgetTheLightOne() {
    Choice choice =
        choice(
            balancing(Policy.ROUND_ROBIN),
            states(List.of(endpoint("a", 1), endpoint("heavy", 9_999))));
    assertThat(count(choice, 100_000).get("a")).isBetween(1, 30);
  }

  @Test
  void roundRobin_ofManyEndpoints_takesEachOnceInARound() {
    Choice choice = choice(balancing(Policy.ROUND_ROBIN), states(many(5_000)));
    assertThat(count(choice, 5_000)).hasSize(5_000);
  }

  @Test
  void leastRequest_avoidsTheBusyOne() {
    List<EndpointState> endpoints = states(many(2));
    endpoints.get(0).begin();
    // The busy one is taken only when both choices fall on it: a quarter of the time.
    assertThat(count(choice(balancing(Policy.LEAST_REQUEST), endpoints), 4_000).get("e0"))
        .isBetween(850, 1_150);
  }

  @Test
  void leastRequest_withWeights_sharesByWeightAndLoad() {
    List<EndpointState> endpoints = states(List.of(endpoint("a", 1), endpoint("b", 3)));
    Choice choice = choice(balancing(Policy.LEAST_REQUEST), endpoints);
    assertThat(count(choice, 4_000).get("a")).isBetween(850, 1_150);
    endpoints.get(1).begin();
    endpoints.get(1).begin();
    // 3 / (2 + 1) is what the idle one has.
    assertThat(count(choice, 4_000).get("a")).isBetween(1_850, 2_150);
  }

  @Test
  void random_doesNotHeedWeights() {
    Choice choice =
        choice(balancing(Policy.RANDOM), states(List.of(endpoint("a", 1), endpoint("b", 9))));
    assertThat(count(choice, 4_000).get("a")).isBetween(1_850, 2_150);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void pick_withoutEndpoints_isNull(Policy policy) {
    assertThat(choice(balancing(policy), List.of()).pick(1, List.of(), List.of())).isNull();
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void pick_passesOverEjectedOnes(Policy policy) {
    List<EndpointState> endpoints = states(many(2));
    eject(endpoints, "e0", "e1");
    assertThat(choice(balancing(policy), endpoints).pick(1, List.of(), List.of())).isNull();
    eject(endpoints, "e0");
    assertThat(count(choice(balancing(policy), endpoints), 50)).containsOnlyKeys("e1");
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void pick_avoidsThoseThatWereTried(Policy policy) {
    List<EndpointState> endpoints = states(many(4));
    Choice choice = choice(balancing(policy), endpoints);
    List<EndpointState> tried = endpoints.subList(0, 1);
    Random random = new Random(3);
    Map<String, Integer> counts =
        count(1_000, () -> choice.pick(random.nextLong(), tried, List.of()));
    // Six picks in a row fall on one of four less than once in 4,000; on a ring they are
    // neighbours.
    assertThat(counts.getOrDefault("e0", 0)).isLessThan(10);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void pick_allocatesNothing(Policy policy) {
    Choice choice = Choice.of(balancing(policy), states(many(10)), Sources.at(System::nanoTime));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        choice.pick(i * 0x9E3779B97F4A7C15L, List.of(), List.of());
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(10_000);
  }

  @Test
  void zone_spillsOverAsItsEndpointsFail() {
    List<EndpointState> endpoints = zones();
    LoadBalancing balancing = balancing(Policy.ROUND_ROBIN);
    assertThat(count(choice(balancing, endpoints), 100)).containsOnlyKeys("a", "b");
    eject(endpoints, "a");
    Map<String, Integer> half = count(choice(balancing, endpoints), 2_000);
    assertThat(half).containsOnlyKeys("b", "c");
    assertThat(half.get("b")).isBetween(1_320, 1_480);
    eject(endpoints, "a", "b");
    assertThat(count(choice(balancing, endpoints), 100)).containsOnlyKeys("c");
    eject(endpoints, "a", "b", "c");
    assertThat(count(choice(balancing, endpoints), 100)).containsOnlyKeys("d");
  }

  @Test
  void panic_usesEjectedOnesAgain() {
    List<EndpointState> endpoints = states(many(4));
    LoadBalancing balancing = new LoadBalancing(Policy.ROUND_ROBIN, null, 0, null, false, 60);
    eject(endpoints, "e0");
    assertThat(count(choice(balancing, endpoints), 12))
        .containsExactlyInAnyOrderEntriesOf(Map.of("e1", 4, "e2", 4, "e3", 4));
    eject(endpoints, "e0", "e1");
    assertThat(count(choice(balancing, endpoints), 20))
        .containsExactlyInAnyOrderEntriesOf(Map.of("e0", 5, "e1", 5, "e2", 5, "e3", 5));
  }

  @Test
  void leaving_goesToOtherPrioritiesAfterTwoTries() {
    List<EndpointState> endpoints = zones();
    Choice choice = choice(balancing(Policy.ROUND_ROBIN), endpoints);
    assertThat(count(50, () -> choice.pick(9, List.of(), endpoints.subList(0, 1))))
        .containsOnlyKeys("a", "b");
    assertThat(count(50, () -> choice.pick(9, List.of(), endpoints.subList(0, 2))))
        .containsOnlyKeys("c");
  }

  @Test
  void weightedLocalities_shareExactly() {
    List<EndpointState> endpoints =
        states(
            List.of(
                at("a", "r1/z1", 0, 70),
                at("b", "r1/z1", 0, 70),
                at("c", "r1/z2", 0, 20),
                at("d", "r2/z3", 0, 10)));
    LoadBalancing weighted = new LoadBalancing(Policy.ROUND_ROBIN, null, 0, null, true, 0);
    assertThat(count(choice(weighted, endpoints), 600))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", 210, "b", 210, "c", 120, "d", 60));
    // 70 times the 0.7 that is left of the first locality, 20 and 10.
    eject(endpoints, "a");
    assertThat(count(choice(weighted, endpoints), 790))
        .containsExactlyInAnyOrderEntriesOf(Map.of("b", 490, "c", 200, "d", 100));
  }

  private static List<EndpointState> zones() {
    return states(
        List.of(
            at("a", "r1/z1", 0, 2),
            at("b", "r1/z1", 0, 2),
            at("c", "r1/z2", 1, 1),
            at("d", "r2/z3", 2, 1)));
  }
}
