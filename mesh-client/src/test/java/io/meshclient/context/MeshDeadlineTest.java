package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshDeadlineTest {

  @Test
  void storeInContext_keepsTheEarlier() {
    MeshDeadline early = MeshDeadline.after(Duration.ofSeconds(1));
    MeshDeadline late = MeshDeadline.after(Duration.ofSeconds(9));
    Context context = Context.root().with(early).with(late);
    assertThat(MeshDeadline.from(context)).isSameAs(early);
    assertThat(MeshDeadline.from(Context.root().with(late).with(early))).isSameAs(early);
  }

  @Test
  void after_nothing_hasPassed() {
    assertThat(MeshDeadline.after(Duration.ofSeconds(-1)).isExpired()).isTrue();
    assertThat(MeshDeadline.after(Duration.ZERO).remaining()).isZero();
    assertThat(MeshDeadline.after(Duration.ofSeconds(Long.MAX_VALUE)).isExpired()).isFalse();
  }

  @Test
  void inbound_takesItOnlyIfToldTo() {
    InboundHeaders deaf =
        InboundHeaders.create(PropagationPolicy.defaults(), ContextPropagators.noop());
    assertThat(MeshDeadline.from(deaf.extract(Context.root(), header("60000")))).isNull();
    MeshDeadline taken =
        MeshDeadline.from(deaf.takingDeadlines().extract(Context.root(), header("60000")));
    assertThat(taken).isNotNull();
    assertThat(taken.remaining()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "abc", "99999999999"})
  void inbound_passesOverWhatIsNoTime(String value) {
    InboundHeaders inbound =
        InboundHeaders.create(PropagationPolicy.defaults(), ContextPropagators.noop())
            .takingDeadlines();
    assertThat(MeshDeadline.from(inbound.extract(Context.root(), header(value)))).isNull();
  }

  private static HeaderSource header(String value) {
    return new HeaderSource() {
      @Override
      public Iterable<String> names() {
        return List.of(MeshDeadline.HEADER);
      }

      @Override
      public List<String> values(String name) {
        return name.equals(MeshDeadline.HEADER) ? List.of(value) : List.of();
      }
    };
  }
}
