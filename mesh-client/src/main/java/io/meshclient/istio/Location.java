package io.meshclient.istio;

import static java.util.Objects.requireNonNull;

/**
 * Where something was written: the file (or the name given to a string or a classpath resource),
 * the line in it, counted from 1 (0 for the file as a whole), and the path within its document,
 * such as {@code spec.http[0].route[1].weight}; the path of a document itself is empty.
 */
public record Location(String file, int line, String path) {

  /** For what was not read from text: endpoints given in code, defaults. */
  public static final Location NONE = new Location("", 0, "");

  public Location {
    requireNonNull(file, "file");
    requireNonNull(path, "path");
  }

  static Location ofFile(String file) {
    return new Location(file, 0, "");
  }

  /**
   * {@code file:line}; the file alone where it is meant as a whole, {@code -} for {@link #NONE}.
   */
  public String fileAndLine() {
    if (file.isEmpty()) {
      return "-";
    }
    return line == 0 ? file : file + ":" + line;
  }

  @Override
  public String toString() {
    return path.isEmpty() ? fileAndLine() : fileAndLine() + " " + path;
  }
}
