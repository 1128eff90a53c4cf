package io.meshclient.access;

import static java.util.Objects.requireNonNull;

/**
 * A header as one line. Immutable.
 *
 * @param name in lower case
 */
public record HeaderLine(String name, String value) {

  public HeaderLine {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
  }
}
