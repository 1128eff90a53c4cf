package io.meshclient.acceptance.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {

  @Test
  void steps_followEachOther_andTheLastRepeats() {
    Script script = Script.parse("503,reset,200");

    assertThat(script.step(0).status()).isEqualTo(503);
    assertThat(script.step(1).kind()).isEqualTo(Step.Kind.RESET);
    assertThat(script.step(2)).isEqualTo(Step.OK);
    assertThat(script.step(9)).isEqualTo(Step.OK);
  }

  @Test
  void step_mayBeLateAndCarryHeaders() {
    assertThat(Step.parse("418@250ms+x-a=1+x-b=c=d"))
        .isEqualTo(
            new Step(
                Step.Kind.ANSWER,
                418,
                Duration.ofMillis(250),
                List.of(new Header("x-a", "1"), new Header("x-b", "c=d"))));
    assertThat(Step.parse("cut@20ms").delay()).isEqualTo(Duration.ofMillis(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "2000", "ok", "200@1s", "200+x"})
  void step_ofAnotherForm_isRefused(String text) {
    assertThatThrownBy(() -> Step.parse(text))
        .hasMessage("step: " + text + " (expected: STATUS|reset|cut[@250ms][+name=value...])");
  }
}
