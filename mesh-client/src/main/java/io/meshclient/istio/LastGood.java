package io.meshclient.istio;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A broken edit keeps what was good: the documents that are not among the good ones of now. */
final class LastGood {
  private LastGood() {}

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
        problems.add(kept(now.file(), resource));
      }
    }
    return new FileReading(now.file(), List.copyOf(resources), List.copyOf(problems));
  }

  private static Problem kept(String file, Resource resource) {
    return new Problem(
        Code.KEPT.id(),
        Problem.Severity.WARNING,
        new Location(file, 1, ""),
        Configuration.Identity.of(resource) + ": the last good version stays in force");
  }
}
