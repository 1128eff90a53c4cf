package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PolicyScopedTest {
  private final AtomicInteger made = new AtomicInteger();
  private final PolicyScoped<String, Integer> states =
      new PolicyScoped<>(key -> made.incrementAndGet());

  @Test
  void of_aKeyThatThePolicyKnows_isTheSameAcrossPolicies() {
    states.retain(Set.of("a"));
    assertThat(states.of("a")).isEqualTo(1);
    states.retain(Set.of("a", "b"));
    assertThat(states.of("a")).isEqualTo(1);
    assertThat(states.of("b")).isEqualTo(2);
  }

  @Test
  void retain_dropsWhatThePolicyDoesNotName() {
    states.retain(Set.of("a"));
    states.of("a");
    states.retain(Set.of("b"));
    assertThat(states.size()).isZero();
    states.retain(Set.of("a"));
    assertThat(states.of("a")).isEqualTo(2);
  }

  @Test
  void of_aKeyThatThePolicyHasDropped_leavesNothingBehind() {
    states.retain(Set.of("a"));
    assertThat(states.of("b")).isEqualTo(1);
    assertThat(states.size()).isZero();
  }
}
