package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(1));

  @ParameterizedTest(name = "after {0}")
  @CsvSource({"0, 1", "1, 2", "4, 16", "5, 30", "40, 30", "2147483647, 30"})
  void wait_is_between_half_of_its_ceiling_and_all(int failures, long ceilingSeconds) {
    long ceiling = Duration.ofSeconds(ceilingSeconds).toNanos();

    for (int i = 0; i < 100; i++) {
      assertThat(backoff.nanos(failures)).isBetween(ceiling / 2, ceiling);
    }
  }
}
