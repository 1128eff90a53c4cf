package io.meshclient.access;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a request that was let in goes on. Immutable.
 *
 * @param target path and query instead of those that were sent; {@code null} where they stay
 * @param removed headers that do not go on, in lower case; all their lines
 * @param added headers that are put in after that, in order
 */
public record RequestChanges(@Nullable String target, Set<String> removed, List<HeaderLine> added) {
  /** It goes on as it is. */
  public static final RequestChanges NONE = new RequestChanges(null, Set.of(), List.of());

  public RequestChanges {
    removed = Set.copyOf(removed);
    added = List.copyOf(added);
  }

  /** Whether it goes on as it is. */
  public boolean isNone() {
    return target == null && removed.isEmpty() && added.isEmpty();
  }
}
