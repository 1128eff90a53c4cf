package io.meshclient.istio;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A document that could not be read and has no last good version. Each is {@code null} where it
 * cannot be told. Immutable.
 *
 * @param kind the kind it is of, or seems to be meant to be of
 * @param location where it begins, or as near to that as is known
 */
public record Unread(
    @Nullable String kind, @Nullable String namespace, @Nullable String name, Location location) {

  /** A document, or a whole file, of which nothing can be told. */
  static Unread of(Location location) {
    return new Unread(null, null, null, location);
  }

  /** Whether a resource is what it would be, as far as that can be told. */
  boolean names(Resource resource) {
    Configuration.Identity identity = Configuration.Identity.of(resource);
    return identity.kind().equals(kind)
        && identity.name().equals(name)
        && Objects.equals(identity.namespace(), namespace);
  }
}
