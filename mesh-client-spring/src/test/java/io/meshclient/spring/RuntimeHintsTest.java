package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.meshclient.istio.AuthorizationPolicy;
import io.meshclient.istio.DestinationRule;
import io.meshclient.istio.VirtualService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;

class RuntimeHintsTest {
  private final RuntimeHints hints = new RuntimeHints();

  RuntimeHintsTest() {
    new MeshClientRuntimeHints().registerHints(hints, null);
  }

  @ParameterizedTest
  @ValueSource(classes = {VirtualService.class, DestinationRule.class, AuthorizationPolicy.class})
  void records_that_yaml_becomes_are_kept_with_all_that_is_in_them(Class<?> kind) {
    assertThat(
            reflection()
                .onType(kind)
                .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
        .accepts(hints);
    for (var component : kind.getRecordComponents()) {
      if (component.getType().isRecord()) {
        assertThat(reflection().onType(component.getType())).accepts(hints);
      }
    }
  }

  @Test
  void records_in_lists_are_kept() {
    assertThat(reflection().onType(VirtualService.HttpRule.class)).accepts(hints);
  }

  @Test
  void rules_on_the_class_path_are_kept() {
    assertThat(resource().forResource("mesh/rules.yaml")).accepts(hints);
  }
}
