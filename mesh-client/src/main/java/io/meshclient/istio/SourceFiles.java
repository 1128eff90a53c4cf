package io.meshclient.istio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds and reads the files of a source. */
final class SourceFiles {
  static final int MAX_FILES = 10_000;

  /**
   * A file to read.
   *
   * @param name for problems
   */
  record SourceFile(String name, Path path, boolean bareMesh) {

    FileReading read() {
      try {
        long size = Files.size(path);
        return size > YamlText.MAX_BYTES
            ? FileReading.tooLarge(name, size)
            : FileReading.of(name, Files.readAllBytes(path), bareMesh);
      } catch (IOException e) {
        return FileReading.unreadable(name, describe(e));
      }
    }
  }

  private SourceFiles() {}

  /** The files of a path. */
  static List<SourceFile> list(Path root, String name, boolean bareMesh) throws IOException {
    if (!Files.isDirectory(root)) {
      if (!Files.exists(root)) {
        throw new NoSuchFileException(root.toString());
      }
      return List.of(new SourceFile(name, root, bareMesh));
    }
    List<SourceFile> found = new ArrayList<>();
    walk(root, root, bareMesh, new HashSet<>(), found);
    return found;
  }

  /** All that a source holds, read now. */
  static List<FileReading> read(ConfigSource source) {
    if (source.text() != null) {
      return List.of(FileReading.of(source.name(), source.text(), source.isMeshConfig()));
    }
    if (source.resource() != null) {
      return List.of(resource(source, source.resource()));
    }
    Path path = source.path();
    if (path == null) {
      return List.of();
    }
    try {
      List<FileReading> readings = new ArrayList<>();
      for (SourceFile file : list(path, source.name(), source.isMeshConfig())) {
        readings.add(file.read());
      }
      return readings;
    } catch (IOException e) {
      return List.of(FileReading.unreadable(source.name(), describe(e)));
    }
  }

  static String describe(IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no such file or directory"
        : "cannot be read (" + Values.printable(e.toString()) + ")";
  }

  private static FileReading resource(ConfigSource source, String resource) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    ClassLoader ours = SourceFiles.class.getClassLoader();
    try (InputStream stream = open(loader == null ? ours : loader, resource)) {
      return stream == null
          ? FileReading.unreadable(source.name(), "there is no such resource on the classpath")
          : FileReading.of(
              source.name(), stream.readNBytes(YamlText.MAX_BYTES + 1), source.isMeshConfig());
    } catch (IOException e) {
      return FileReading.unreadable(source.name(), describe(e));
    }
  }

  private static @Nullable InputStream open(ClassLoader loader, String resource) {
    return loader.getResourceAsStream(resource);
  }

  private static void walk(
      Path root, Path directory, boolean bareMesh, Set<Path> visited, List<SourceFile> found)
      throws IOException {
    if (!visited.add(directory.toRealPath())) {
      return; // a link back up, or a second link to the same place
    }
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(null);
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".")) {
        continue;
      }
      if (Files.isDirectory(entry)) {
        walk(root, entry, bareMesh, visited, found);
      } else if (isConfiguration(name)) {
        if (found.size() == MAX_FILES) {
          throw new IOException("more than " + MAX_FILES + " files");
        }
        found.add(new SourceFile(root.relativize(entry).toString(), entry, bareMesh));
      }
    }
  }

  private static boolean isConfiguration(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
  }
}
