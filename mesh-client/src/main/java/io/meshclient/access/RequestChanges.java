package io.meshclient.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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

  /**
   * The lines of a header as it goes on.
   *
   * @param name in any case
   * @param sent its lines as they were sent
   */
  public List<String> lines(String name, List<String> sent) {
    if (removed.isEmpty() && added.isEmpty()) {
      return sent;
    }
    boolean stays = !removed.contains(name.toLowerCase(Locale.ROOT));
    List<String> lines = new ArrayList<>(stays ? sent : List.of());
    for (HeaderLine line : added) {
      if (line.name().equalsIgnoreCase(name)) {
        lines.add(line.value());
      }
    }
    return lines;
  }

  /** The names of the headers that go on, each once, whatever its case; a copy. */
  public Set<String> names(Iterable<String> sent) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    sent.forEach(names::add);
    names.removeIf(name -> removed.contains(name.toLowerCase(Locale.ROOT)));
    added.forEach(line -> names.add(line.name()));
    return names;
  }
}
