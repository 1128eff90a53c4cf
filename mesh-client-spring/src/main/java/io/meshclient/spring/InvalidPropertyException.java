package io.meshclient.spring;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.function.Supplier;

/** A property has a value that nothing can be made of; its message names both. */
public final class InvalidPropertyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String property;

  /** The property's value is none of what was expected. */
  public InvalidPropertyException(String property, Object value, String expected) {
    super(property + ": \"" + value + "\" (expected: " + expected + ")");
    this.property = property;
  }

  private InvalidPropertyException(String property, IllegalArgumentException cause) {
    this(property, property + ": " + cause.getMessage(), cause);
  }

  private InvalidPropertyException(
      String property, String message, IllegalArgumentException cause) {
    super(message, cause);
    this.property = property;
  }

  /**
   * What is made of a property.
   *
   * @throws InvalidPropertyException if it cannot be made, with the property's name
   */
  public static <T> T of(String property, Supplier<T> made) {
    try {
      return requireNonNull(made.get(), property);
    } catch (IllegalArgumentException e) {
      throw new InvalidPropertyException(property, e);
    }
  }

  /**
   * What is made of the properties below a prefix; see {@link #below(String, Map, Supplier)}, where
   * each is called as what is made of it.
   */
  public static <T> T below(String prefix, Supplier<T> made) {
    return below(prefix, Map.of(), made);
  }

  /**
   * What is made of the properties below a prefix. A message that begins with a name in camel case
   * and a colon, as settings have it, becomes one about the property of that name.
   *
   * @param names what a property is called, by the settings' name, where that is another one
   * @throws InvalidPropertyException if it cannot be made, with the property's name
   */
  public static <T> T below(String prefix, Map<String, String> names, Supplier<T> made) {
    try {
      return requireNonNull(made.get(), prefix);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      String field = colon < 0 ? "" : message.substring(0, colon);
      if (field.isEmpty() || !field.chars().allMatch(Character::isLetter)) {
        throw new InvalidPropertyException(prefix, e);
      }
      String property = prefix + "." + names.getOrDefault(field, kebab(field));
      throw new InvalidPropertyException(property, property + message.substring(colon), e);
    }
  }

  private static String kebab(String field) {
    StringBuilder name = new StringBuilder();
    field
        .chars()
        .forEach(
            letter -> {
              if (Character.isUpperCase(letter)) {
                name.append('-');
              }
              name.append((char) Character.toLowerCase(letter));
            });
    return name.toString();
  }

  /** The name, such as {@code mesh.client.config.locations}. */
  public String property() {
    return property;
  }
}
