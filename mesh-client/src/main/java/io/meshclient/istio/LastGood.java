package io.meshclient.istio;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A broken edit keeps what was good. */
final class LastGood {
  private LastGood() {}

  /** The good documents of now, and those of before that are not among them. */
  static FileReading join(FileReading now, @Nullable FileReading before) {
    if (before == null || !now.broken()) {
      return now;
    }
    Set<Configuration.Identity> there = new HashSet<>();
    now.resources().forEach(resource -> there.add(Configuration.Identity.of(resource)));
    List<Resource> resources = new ArrayList<>(now.resources());
    List<Problem> problems = new ArrayList<>(now.problems());
    List<Unread> unread = new ArrayList<>(now.unread());
    for (Resource resource : before.resources()) {
      if (there.add(Configuration.Identity.of(resource))) {
        resources.add(resource);
        problems.add(kept(Location.ofFile(now.file()), resource));
        cover(resource, unread);
      }
    }
    return new FileReading(
        now.file(), List.copyOf(resources), List.copyOf(problems), List.copyOf(unread));
  }

  /** What stays in force stands for one document that cannot be read: its own, or a nameless. */
  private static void cover(Resource kept, List<Unread> unread) {
    Unread own =
        unread.stream()
            .filter(document -> document.names(kept))
            .findFirst()
            .orElseGet(
                () ->
                    unread.stream()
                        .filter(document -> document.name() == null)
                        .findFirst()
                        .orElse(null));
    unread.remove(own);
  }

  static Problem kept(Location location, Resource resource) {
    return new Problem(
        Code.KEPT.id(),
        Problem.Severity.WARNING,
        location,
        Configuration.Identity.of(resource) + ": the last good version stays in force");
  }
}
