package io.meshclient.spring;

import io.meshclient.istio.Resource;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the records and enums that the reader of YAML fills by reflection: all of its package,
 * since not all are parts of a resource, and not all are public.
 */
final class RecordHints extends ClassPathScanningCandidateComponentProvider {

  private RecordHints() {
    super(false);
    addIncludeFilter(new AssignableTypeFilter(Record.class));
    addIncludeFilter(new AssignableTypeFilter(Enum.class));
  }

  static void register(RuntimeHints hints, @Nullable ClassLoader loader) {
    for (BeanDefinition found :
        new RecordHints().findCandidateComponents(Resource.class.getPackageName())) {
      add(hints, ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), loader));
    }
  }

  @Override
  protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
    return true;
  }

  private static void add(RuntimeHints hints, Class<?> type) {
    hints
        .reflection()
        .registerType(
            TypeReference.of(type),
            hint -> {
              hint.withMembers(
                  MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                  MemberCategory.INVOKE_DECLARED_METHODS);
              // One by one: the category for all has another name on Spring 7.
              for (Field field : type.getDeclaredFields()) {
                hint.withField(field.getName());
              }
            });
  }
}
