package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.proxies;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.meshclient.spring.server.MeshServerAutoConfiguration;
import io.meshclient.spring.server.MeshServerProperties;
import io.meshclient.spring.server.MeshWebFluxAutoConfiguration;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.web.bind.annotation.RequestAttribute;

/** What an image keeps, as it is found out when Spring processes an application ahead of time. */
class RuntimeHintsTest {
  private static final RuntimeHints HINTS = hints();

  private static RuntimeHints hints() {
    var application = new AnnotationConfigReactiveWebApplicationContext();
    TestPropertyValues.of("mesh.client.mode=none").applyTo(application);
    application.register(
        MeshClientAutoConfiguration.class,
        MeshServerAutoConfiguration.class,
        MeshWebFluxAutoConfiguration.class);
    var generation =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get("com.example", "App")),
            new InMemoryGeneratedFiles());
    new ApplicationContextAotGenerator().processAheadOfTime(application, generation);
    return generation.getRuntimeHints();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VirtualService",
        "VirtualService$HttpRule",
        "AuthorizationPolicy",
        "MeshConfig",
        "EnvoyFilters$Document",
        "TypedConfig"
      })
  void records_that_yaml_becomes_are_kept(String name) throws Exception {
    Class<?> kind = Class.forName("io.meshclient.istio." + name);
    assertThat(
            reflection()
                .onType(kind)
                .withMemberCategories(
                    MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                    MemberCategory.INVOKE_DECLARED_METHODS))
        .accepts(HINTS);
    for (Field field : kind.getDeclaredFields()) {
      assertThat(reflection().onField(field)).as(field.toString()).accepts(HINTS);
    }
  }

  static Stream<? extends Class<?>> properties() {
    return Stream.of(
            List.of(MeshClientProperties.class),
            List.of(MeshClientProperties.class.getDeclaredClasses()),
            List.of(IdentityProperties.class, BreakerProperties.class, MeshServerProperties.class),
            List.of(MeshServerProperties.class.getDeclaredClasses()))
        .flatMap(List::stream)
        .filter(Class::isRecord);
  }

  @ParameterizedTest
  @MethodSource("properties")
  void properties_can_be_bound(Class<?> type) {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      assertThat(reflection().onConstructor(constructor).invoke()).accepts(HINTS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mesh/rules.yaml", "mesh/shop/rules.yaml"})
  void rules_on_the_class_path_are_kept(String name) {
    assertThat(resource().forResource(name)).accepts(HINTS);
  }

  @Test
  void annotation_of_callers_is_kept() {
    assertThat(proxies().forInterfaces(RequestAttribute.class)).accepts(HINTS);
  }
}
