package io.meshclient.upstream;

import static io.meshclient.upstream.Endpoints.endpoint;
import static io.meshclient.upstream.Endpoints.many;
import static io.meshclient.upstream.Endpoints.states;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.policy.Endpoint;
import io.meshclient.policy.Locality;
import io.meshclient.policy.XxHash64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashingTest {
  private static final int KEYS = 20_000;

  /** As Envoy 1.40 was seen to place requests on endpoints with these addresses. */
  @ParameterizedTest
  @CsvSource({"alice, 127.1.1.4"})
  void ring_leadsWhereEnvoyLeads(String user, String address) {
    List<Endpoint> payments = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      payments.add(
          new Endpoint("127.1.1." + i, 8080, Map.of(), Locality.UNKNOWN, 1, "", "payment-" + i));
    }
    Picker ring = HashRing.of(shares(payments), 1024);
    assertThat(address(ring, user, 0)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 1_000})
  void ring_hasAtLeastTheLeastSize(int endpoints) {
    HashRing ring = (HashRing) HashRing.of(shares(many(endpoints)), 1024);
    assertThat(ring.size()).isBetween(1024, 1024 + endpoints);
  }

  @Test
  void ring_sharesByWeight() {
    Picker ring = HashRing.of(shares(List.of(endpoint("a", 1), endpoint("b", 3))), 1024);
    assertThat(counts(ring).get("b")).isBetween((int) (KEYS * 0.7), (int) (KEYS * 0.8));
  }

  @Test
  void ring_withoutOne_movesItsKeysOnly() {
    // As many points for each endpoint in both.
    Picker before = HashRing.of(shares(many(10)), 1000);
    Picker after = HashRing.of(shares(many(9)), 900);
    assertThat(moved(before, after, "e9")).isZero();
  }

  @Test
  void ring_ofOneSizeWithoutOne_movesFewOtherKeys() {
    Picker before = HashRing.of(shares(many(10)), 1024);
    Picker after = HashRing.of(shares(many(9)), 1024);
    assertThat(moved(before, after, "e9")).isLessThan(KEYS / 8);
  }

  @Test
  void maglev_sharesEvenly() {
    Map<String, Integer> counts = counts(Maglev.of(shares(many(10)), 65_537));
    assertThat(counts).hasSize(10);
    assertThat(counts.values()).allMatch(n -> n > KEYS / 10 * 0.85 && n < KEYS / 10 * 1.15);
  }

  @Test
  void maglev_sharesByWeight() {
    Picker table = Maglev.of(shares(List.of(endpoint("a", 1), endpoint("b", 3))), 65_537);
    assertThat(counts(table).get("b")).isBetween((int) (KEYS * 0.73), (int) (KEYS * 0.77));
  }

  @Test
  void maglev_withoutOne_movesFewOtherKeys() {
    Picker before = Maglev.of(shares(many(10)), 65_537);
    Picker after = Maglev.of(shares(many(9)), 65_537);
    assertThat(moved(before, after, "e9")).isLessThan(KEYS / 20);
  }

  @Test
  void order_ofEndpoints_changesNothing() {
    Random random = new Random(7);
    List<Endpoint> endpoints = many(8);
    Picker ring = HashRing.of(shares(endpoints), 1024);
    Picker table = Maglev.of(shares(endpoints), 251);
    for (int round = 0; round < 10; round++) {
      Collections.shuffle(endpoints, random);
      Picker sameRing = HashRing.of(shares(endpoints), 1024);
      Picker sameTable = Maglev.of(shares(endpoints), 251);
      for (int key = 0; key < 500; key++) {
        assertThat(address(sameRing, "k" + key, 0)).isEqualTo(address(ring, "k" + key, 0));
        assertThat(address(sameTable, "k" + key, 0)).isEqualTo(address(table, "k" + key, 0));
      }
    }
  }

  @Test
  void attempts_leadElsewhere() {
    for (Picker picker :
        List.of(HashRing.of(shares(many(4)), 1024), Maglev.of(shares(many(4)), 251))) {
      assertThat(IntStream.range(0, 6).mapToObj(i -> address(picker, "bob", i)).distinct())
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  void localities_shareByTheirWeights() {
    List<EndpointState> near = states(many(2));
    List<EndpointState> far = states(List.of(endpoint("far", 1)));
    Picker ring = HashRing.of(HashShare.of(List.of(near, far), new long[] {1, 3}), 4096);
    assertThat(counts(ring).get("far")).isBetween((int) (KEYS * 0.7), (int) (KEYS * 0.8));
    assertThat(HashShare.of(List.of(near, List.of()), new long[] {1, 3})).hasSize(2);
  }

  /** Keys that had another endpoint than the one that is gone, and have a new one. */
  private static int moved(Picker before, Picker after, String gone) {
    int moved = 0;
    for (int key = 0; key < KEYS; key++) {
      String was = address(before, "k" + key, 0);
      moved += was.equals(gone) || was.equals(address(after, "k" + key, 0)) ? 0 : 1;
    }
    return moved;
  }

  private static Map<String, Integer> counts(Picker picker) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int key = 0; key < KEYS; key++) {
      counts.merge(address(picker, "k" + key, 0), 1, Integer::sum);
    }
    return counts;
  }

  private static String address(Picker picker, String key, int attempt) {
    EndpointState picked = picker.pick(XxHash64.hash(key, 0), attempt);
    if (picked == null) {
      throw new AssertionError("nothing for " + key);
    }
    return picked.endpoint().address();
  }

  private static List<HashShare> shares(List<Endpoint> endpoints) {
    return HashShare.of(states(endpoints));
  }
}
