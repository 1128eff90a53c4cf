package io.meshclient.spring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;

/** Finds the records that the reader of YAML fills by reflection, from where it begins. */
final class RecordHints {
  private final RuntimeHints hints;
  private final Set<Class<?>> seen = new HashSet<>();

  private RecordHints(RuntimeHints hints) {
    this.hints = hints;
  }

  static void register(RuntimeHints hints, Class<?>... roots) {
    RecordHints all = new RecordHints(hints);
    for (Class<?> root : roots) {
      all.add(root);
    }
  }

  private void add(Class<?> type) {
    if (!type.getName().startsWith("io.meshclient.") || !seen.add(type)) {
      return;
    }
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        add(permitted);
      }
    }
    if (!type.isRecord() && !type.isEnum()) {
      return;
    }
    hints
        .reflection()
        .registerType(
            type,
            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
            MemberCategory.INVOKE_DECLARED_METHODS);
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        addAll(component.getGenericType());
      }
    }
  }

  private void addAll(Type type) {
    if (type instanceof Class<?> one) {
      add(one.isArray() ? one.getComponentType() : one);
    } else if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        addAll(argument);
      }
    }
  }
}
