package io.meshclient;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings by destination: the pattern that says most of a destination's name wins, and of equal
 * ones the later. Immutable.
 */
final class PerDestination<T> {
  private record Entry<T>(DestinationPattern pattern, T value) {}

  private final List<Entry<T>> entries;

  PerDestination() {
    this(List.of());
  }

  private PerDestination(List<Entry<T>> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * The same, and this.
   *
   * @throws IllegalArgumentException if the pattern is none
   */
  PerDestination<T> with(String pattern, T value) {
    DestinationPattern parsed = DestinationPattern.of(pattern);
    List<Entry<T>> all = new ArrayList<>(entries);
    all.removeIf(entry -> entry.pattern.equals(parsed));
    all.add(new Entry<>(parsed, value));
    return new PerDestination<>(all);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** What is set for a destination; {@code null} if nothing is. */
  @Nullable T of(String name, String namespace, String domain) {
    Entry<T> best = null;
    for (Entry<T> entry : entries) {
      if (entry.pattern.matches(name, namespace, domain)
          && (best == null || entry.pattern.weight() >= best.pattern.weight())) {
        best = entry;
      }
    }
    return best == null ? null : best.value;
  }
}
