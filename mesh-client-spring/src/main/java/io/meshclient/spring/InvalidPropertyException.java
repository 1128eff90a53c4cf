package io.meshclient.spring;

import static java.util.Objects.requireNonNull;

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
    super(property + ": " + cause.getMessage(), cause);
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

  /** The name, such as {@code mesh.client.config.locations}. */
  public String property() {
    return property;
  }
}
