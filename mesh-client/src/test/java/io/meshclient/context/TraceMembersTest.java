package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TraceState;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceMembersTest {

  @Test
  void whatOpenTelemetryHolds_isItsOwn() {
    assertThat(TraceMembers.of("a=1,b=2"))
        .isEqualTo(TraceState.builder().put("b", "2").put("a", "1").build());
    assertThat(TraceMembers.of("")).isSameAs(TraceState.getDefault());
  }

  @Test
  void whatItRefuses_isHeldInOrder() {
    TraceState state = TraceMembers.of("b=1,0a=2");
    assertThat(state).isInstanceOf(TraceMembers.class);
    assertThat(state.asMap()).containsExactly(Map.entry("b", "1"), Map.entry("0a", "2"));
    assertThat(state.size()).isEqualTo(2);
    assertThat(state.isEmpty()).isFalse();
    assertThat(state.get("0a")).isEqualTo("2");
    assertThat(state.get("c")).isNull();
  }

  @Test
  void equality_isOfMembersInOrder() {
    assertThat(TraceMembers.of("b=1,0a=2"))
        .isEqualTo(TraceMembers.of("b=1,0a=2"))
        .hasSameHashCodeAs(TraceMembers.of("b=1,0a=2"))
        .isNotEqualTo(TraceMembers.of("0a=2,b=1"))
        .isNotEqualTo(TraceMembers.of("b=1,0a=3"));
  }

  @Test
  void builder_putsChangedMembersFirst_andLeavesWhatIsNotValid() {
    TraceState state = TraceMembers.of("b=1,0a=2");
    TraceState changed =
        state.toBuilder().put("0a", "3").put("C", "4").put("d", "a,b").put("e", "5 ").build();
    assertThat(changed).isEqualTo(TraceMembers.of("0a=3,b=1"));
    assertThat(state).isEqualTo(TraceMembers.of("b=1,0a=2"));
    assertThat(state.toBuilder().remove("0a").build().asMap()).containsExactly(Map.entry("b", "1"));
  }

  @Test
  void builder_ofAFullState_changesAndDoesNotAdd() {
    String full =
        IntStream.range(0, 32).mapToObj(i -> i + "a=" + i).collect(Collectors.joining(","));
    TraceState state = TraceMembers.of(full).toBuilder().put("b", "1").put("31a", "x").build();
    assertThat(state.size()).isEqualTo(32);
    assertThat(state.get("b")).isNull();
    assertThat(state.asMap().keySet()).first().isEqualTo("31a");
  }
}
