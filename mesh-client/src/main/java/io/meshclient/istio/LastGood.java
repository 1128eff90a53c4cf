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
    for (Resource resource : before.resources()) {
      if (there.add(Configuration.Identity.of(resource))) {
        resources.add(resource);
        problems.add(kept(Location.ofFile(now.file()), resource));
      }
    }
    return new FileReading(now.file(), List.copyOf(resources), List.copyOf(problems));
  }

  static Problem kept(Location location, Resource resource) {
    return new Problem(
        Code.KEPT.id(),
        Problem.Severity.WARNING,
        location,
        Configuration.Identity.of(resource) + ": the last good version stays in force");
  }
}
