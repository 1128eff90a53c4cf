package io.meshclient.acceptance.backend;

import java.util.List;
import java.util.Optional;

/** One line of a message's head, its name in the case it was sent in. */
public record Header(String name, String value) {

  /** The first value of a header whose name is {@code name} in any case. */
  public static Optional<String> first(List<Header> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
