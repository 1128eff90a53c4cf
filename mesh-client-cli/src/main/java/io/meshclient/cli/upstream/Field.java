package io.meshclient.cli.upstream;

import static java.util.Objects.requireNonNull;

/**
 * A line of a message's head. A character is a byte (ISO 8859-1), as Jetty has it too.
 *
 * @param name as it is written
 * @param value without the space around it
 */
public record Field(String name, String value) {

  public Field {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
  }

  /** Whether it is a header of this name, however it is written. */
  public boolean is(String header) {
    return name.equalsIgnoreCase(header);
  }
}
