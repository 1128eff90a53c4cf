package io.meshclient.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityLoadTest {

  /** Rows as in Envoy's documentation of priority levels and of the panic threshold. */
  @ParameterizedTest(name = "{0} % healthy, panic below {1} %: {2}, panic {3}")
  @CsvSource({
    "100, 0, 100, 0",
    "25, 0, 100, 0",
    "0, 0, 100, 0",
    "0, 50, 100, 1",
    "100 100, 50, 100 0, 0 0",
    "72 100, 50, 100 0, 0 0",
    "71 100, 50, 99 1, 0 0",
    "50 60, 50, 70 30, 0 0",
    "50 60, 0, 70 30, 0 0",
    "25 100, 50, 35 65, 0 0",
    "25 25, 0, 50 50, 0 0",
    "25 25, 50, 50 50, 1 1",
    "5 65, 50, 8 92, 1 0",
    "0 30, 0, 0 100, 0 0",
    "5 60, 50, 8 92, 1 0",
    "5 0 0, 0, 100 0 0, 0 0 0",
    "0 5 0, 60, 34 33 33, 1 1 1",
    "20 20 10, 0, 40 40 20, 0 0 0",
    "25 55 10, 50, 35 65 0, 0 0 0",
  })
  void load_isEnvoys(String healthy, int panicPercent, String load, String panic) {
    int[] parts = numbers(healthy);
    int[] all = IntStream.of(parts).map(n -> 100).toArray();
    PriorityLoad computed = PriorityLoad.of(all, parts, panicPercent);
    int[] loads = IntStream.range(0, parts.length).map(computed::percent).toArray();
    int[] panics = IntStream.range(0, parts.length).map(i -> computed.isPanic(i) ? 1 : 0).toArray();
    assertThat(loads).containsExactly(numbers(load));
    assertThat(panics).containsExactly(numbers(panic));
  }

  @Test
  void load_isAlwaysTheWhole() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      int[] all = random.ints(1 + random.nextInt(5), 0, 12).toArray();
      int[] healthy = Arrays.stream(all).map(n -> n == 0 ? 0 : random.nextInt(n + 1)).toArray();
      PriorityLoad load = PriorityLoad.of(all, healthy, random.nextInt(101));
      String of = Arrays.toString(healthy) + " of " + Arrays.toString(all);
      assertThat(sum(load)).as(of).isEqualTo(100);
      assertThat(load.pick(random.nextLong())).as(of).isBetween(0, all.length - 1);
      assertThat(sum(load.without(random.nextInt(32)))).as(of).isEqualTo(100);
    }
  }

  @Test
  void pick_followsTheLoad() {
    PriorityLoad load = PriorityLoad.of(new int[] {2, 1, 1}, new int[] {1, 1, 1}, 0);
    int[] counts = new int[3];
    for (int draw = 0; draw < 100; draw++) {
      counts[load.pick(draw)]++;
    }
    assertThat(counts).containsExactly(70, 30, 0);
  }

  @Test
  void without_passesTheLoadOn() {
    PriorityLoad load = PriorityLoad.of(new int[] {1, 2, 1}, new int[] {1, 1, 1}, 0);
    assertThat(load.without(0b1).percent(1)).isEqualTo(70);
    assertThat(load.without(0b1).percent(2)).isEqualTo(30);
    assertThat(load.without(0b11).percent(2)).isEqualTo(100);
    assertThat(load.without(0b111)).isSameAs(load);
  }

  private static int sum(PriorityLoad load) {
    return IntStream.range(0, load.priorities()).map(load::percent).sum();
  }

  private static int[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }
}
