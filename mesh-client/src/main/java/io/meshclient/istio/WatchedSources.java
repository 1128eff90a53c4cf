package io.meshclient.istio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sources that are read again and again. A file that now has errors keeps the documents of its last
 * good reading, and a source that is gone keeps all. Used by one thread.
 */
final class WatchedSources {
  /**
   * What a look at the files found.
   *
   * @param hash of the file's content, or why it cannot be read
   */
  record Seen(SourceFiles.SourceFile file, String hash) {}

  /**
   * @param failures by source, where its files cannot be found
   */
  record Scan(Map<Integer, List<Seen>> files, Map<Integer, String> failures) {

    /** Whether a source or a file that held something is empty, as in the midst of a change. */
    boolean lost(Scan before) {
      for (Map.Entry<Integer, List<Seen>> source : before.files.entrySet()) {
        Set<Seen> now = Set.copyOf(files.getOrDefault(source.getKey(), List.of()));
        if (now.isEmpty() && !source.getValue().isEmpty()) {
          return true;
        }
        for (Seen was : source.getValue()) {
          if (!was.hash().equals(FileStamp.EMPTY)
              && now.contains(new Seen(was.file(), FileStamp.EMPTY))) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private final List<ConfigSource> sources;
  private final Map<Integer, List<FileReading>> readings = new HashMap<>();
  private final Map<Path, FileStamp> stamps = new HashMap<>();
  private final Map<SourceFiles.SourceFile, String> hashes = new HashMap<>();
  private final Map<SourceFiles.SourceFile, FileReading> latest = new HashMap<>();

  WatchedSources(List<ConfigSource> sources) {
    this.sources = List.copyOf(sources);
  }

  Scan scan() {
    Map<Integer, List<Seen>> files = new LinkedHashMap<>();
    Map<Integer, String> failures = new LinkedHashMap<>();
    Set<Path> paths = new HashSet<>();
    for (int i = 0; i < sources.size(); i++) {
      ConfigSource source = sources.get(i);
      Path path = source.path();
      if (path == null) {
        continue;
      }
      try {
        List<Seen> seen = new ArrayList<>();
        for (SourceFiles.SourceFile file :
            SourceFiles.list(path, source.name(), source.isMeshConfig())) {
          paths.add(file.path());
          seen.add(new Seen(file, hash(file.path())));
        }
        files.put(i, List.copyOf(seen));
      } catch (IOException e) {
        failures.put(i, SourceFiles.describe(e));
      }
    }
    stamps.keySet().retainAll(paths);
    return new Scan(files, failures);
  }

  /**
   * What was read.
   *
   * @param scan with the hashes of what was read, which may be newer than what had been seen
   */
  record Taken(Configuration configuration, Scan scan) {}

  /** Reads what has changed since the last time. */
  Taken read(Scan scan) {
    List<FileReading> all = new ArrayList<>();
    Map<Integer, List<Seen>> files = new LinkedHashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      ConfigSource source = sources.get(i);
      String failure = scan.failures().get(i);
      if (source.path() == null) {
        readings.computeIfAbsent(i, key -> SourceFiles.read(source));
      } else if (failure == null) {
        List<Seen> taken =
            scan.files().getOrDefault(i, List.of()).stream().map(this::take).toList();
        files.put(i, taken);
        readings.put(i, taken.stream().map(seen -> latest.get(seen.file())).toList());
      } else {
        all.add(FileReading.unreadable(source.name(), failure + kept(i)));
      }
      all.addAll(readings.getOrDefault(i, List.of()));
    }
    if (scan.failures().isEmpty()) {
      forgetAllBut(files);
    }
    return new Taken(Configuration.of(all), new Scan(files, scan.failures()));
  }

  /** Reads a file unless it is what was read last, and gives what it was when it was read. */
  private Seen take(Seen seen) {
    SourceFiles.SourceFile file = seen.file();
    FileReading before = latest.get(file);
    if (before != null && seen.hash().equals(hashes.get(file))) {
      return seen;
    }
    String hash = seen.hash();
    FileReading now;
    try {
      long size = Files.size(file.path());
      if (size > YamlText.MAX_BYTES) {
        now = FileReading.tooLarge(file.name(), size);
      } else {
        byte[] bytes = Files.readAllBytes(file.path());
        hash = FileStamp.hash(bytes);
        now = FileReading.of(file.name(), bytes, file.bareMesh());
      }
    } catch (IOException e) {
      hash = SourceFiles.describe(e);
      now = FileReading.unreadable(file.name(), hash);
    }
    latest.put(file, LastGood.join(now, before));
    hashes.put(file, hash);
    return new Seen(file, hash);
  }

  private void forgetAllBut(Map<Integer, List<Seen>> files) {
    Set<SourceFiles.SourceFile> used = new HashSet<>();
    files.values().forEach(list -> list.forEach(seen -> used.add(seen.file())));
    latest.keySet().retainAll(used);
    hashes.keySet().retainAll(used);
  }

  private String kept(int source) {
    return readings.getOrDefault(source, List.of()).isEmpty()
        ? ""
        : "; what it last held stays in force";
  }

  private String hash(Path path) {
    try {
      FileStamp stamp = FileStamp.of(path, stamps.get(path));
      stamps.put(path, stamp);
      return stamp.hash();
    } catch (IOException e) {
      stamps.remove(path);
      return SourceFiles.describe(e);
    }
  }
}
