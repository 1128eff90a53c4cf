package io.meshclient.spring;

/** A property names a place where there is no configuration. */
final class InvalidLocationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String property;
  private final String expected;

  InvalidLocationException(String property, String location, String expected) {
    super(property + ": \"" + location + "\" (expected: " + expected + ")");
    this.property = property;
    this.expected = expected;
  }

  String property() {
    return property;
  }

  String expected() {
    return expected;
  }
}
