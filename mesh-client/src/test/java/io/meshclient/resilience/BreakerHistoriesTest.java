package io.meshclient.resilience;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The breaker does what a naive one does, over very many random histories. More of them by {@code
 * -Dmeshclient.breaker.histories=N}, others by {@code -Dmeshclient.breaker.seed=N}.
 */
class BreakerHistoriesTest {
  private static final long HISTORIES = Long.getLong("meshclient.breaker.histories", 100_000);
  private static final long SEED = Long.getLong("meshclient.breaker.seed", 1);

  @Test
  void breaker_does_what_its_model_does() {
    LongStream.range(SEED, SEED + HISTORIES).forEach(BreakerHistory::play);
  }
}
