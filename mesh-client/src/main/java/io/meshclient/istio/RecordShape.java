package io.meshclient.istio;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a record says about the YAML it is read from: worked out once per class. */
final class RecordShape<T extends Record> {
  private static final ClassValue<RecordShape<?>> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape<?> computeValue(Class<?> type) {
          return new RecordShape<>(type.asSubclass(Record.class));
        }
      };

  /**
   * A component that is read from YAML.
   *
   * @param required it has to be there, and a list or string must not be empty
   * @param optional may be {@code null}
   */
  record Member(
      String name,
      int position,
      Class<?> raw,
      Type type,
      boolean required,
      boolean optional,
      @Nullable Range range,
      @Nullable Usual usual) {}

  private final Constructor<T> constructor;
  private final Map<String, Member> members;
  private final List<Field> fields = new ArrayList<>();
  private final @Nullable Object[] absent;
  private final List<Integer> locations = new ArrayList<>();
  private final boolean lenient;
  private final List<String> exclusive;

  @SuppressWarnings("unchecked") // one shape per class, made from that class
  static <T extends Record> RecordShape<T> of(Class<T> type) {
    return (RecordShape<T>) SHAPES.get(type);
  }

  private RecordShape(Class<T> type) {
    RecordComponent[] components = type.getRecordComponents();
    Map<String, Member> read = new LinkedHashMap<>();
    Class<?>[] types = new Class<?>[components.length];
    absent = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      absent[i] = absentOf(types[i]);
      fields.add(field(type, component.getName()));
      if (types[i] == Location.class) {
        locations.add(i);
      } else {
        read.put(component.getName(), member(component, i));
      }
    }
    AtMostOne one = type.getAnnotation(AtMostOne.class);
    members = Collections.unmodifiableMap(read);
    lenient = type.isAnnotationPresent(Lenient.class);
    exclusive = one == null ? List.of() : List.of(one.value());
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("No canonical constructor: " + type, e);
    }
  }

  /** By name, in the order of the record. */
  Map<String, Member> members() {
    return members;
  }

  /** Whether fields without a component are passed over. */
  boolean lenient() {
    return lenient;
  }

  /** Fields of which at most one may be there. */
  List<String> exclusive() {
    return exclusive;
  }

  /** A value for each component as if no field were there, to be filled in. */
  @Nullable Object[] values(Location location) {
    @Nullable Object[] values = absent.clone();
    locations.forEach(position -> values[position] = location);
    return values;
  }

  T create(@Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Not to be created: " + constructor, e);
    }
  }

  /** A record of which only the components of those names are set. */
  T with(Map<String, ?> set) {
    @Nullable Object[] values = values(Location.NONE);
    set.forEach((name, value) -> values[position(name)] = value);
    return create(values);
  }

  /** {@code base} with what is set in {@code over}, and with {@code replaced} by name. */
  T merge(T base, T over, Map<String, ?> replaced) {
    @Nullable Object[] values = new Object[absent.length];
    for (int i = 0; i < values.length; i++) {
      Object above = get(over, i);
      values[i] = above == null || above.equals(absent[i]) ? get(base, i) : above;
    }
    replaced.forEach((name, value) -> values[position(name)] = value);
    return create(values);
  }

  private int position(String name) {
    Member member = members.get(name);
    if (member == null) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: one of " + members.keySet());
    }
    return member.position();
  }

  /** The component itself: an accessor may put a default in the place of {@code null}. */
  private @Nullable Object get(T value, int position) {
    try {
      return fields.get(position).get(value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Not to be read: " + fields.get(position), e);
    }
  }

  private static Field field(Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("No field " + name + ": " + type, e);
    }
  }

  private static Member member(RecordComponent component, int position) {
    AnnotatedType type = component.getAnnotatedType();
    return new Member(
        component.getName(),
        position,
        component.getType(),
        component.getGenericType(),
        component.isAnnotationPresent(Required.class),
        type.isAnnotationPresent(Nullable.class)
            || component.getType().isPrimitive()
            || absentOf(component.getType()) != null,
        component.getAnnotation(Range.class),
        component.getAnnotation(Usual.class));
  }

  private static @Nullable Object absentOf(Class<?> type) {
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    return type == double.class ? (Object) 0.0 : null;
  }

  @Override
  public String toString() {
    return constructor.getDeclaringClass().getSimpleName()
        + Arrays.toString(members.keySet().toArray());
  }
}
