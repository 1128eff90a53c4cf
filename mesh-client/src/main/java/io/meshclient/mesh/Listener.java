package io.meshclient.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that somebody listens on, and the user whose process does: from Linux's table of sockets,
 * which every process may read of its own network namespace.
 */
record Listener(int port, int uid) {
  private static final String LISTENING = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int UID = 7;

  /**
   * All of a process.
   *
   * @param proc its directory, such as {@code /proc/self}; without one there is no listener
   */
  static List<Listener> of(Path proc) {
    List<Listener> found = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      read(proc.resolve("net").resolve(table), found);
    }
    return found;
  }

  private static void read(Path table, List<Listener> found) {
    try {
      if (!Files.isReadable(table)) {
        return;
      }
      for (String line : Files.readAllLines(table)) {
        Listener listener = parse(line);
        if (listener != null) {
          found.add(listener);
        }
      }
    } catch (IOException e) {
      // What cannot be read says nothing.
    }
  }

  /** {@code null} for the heading, and for sockets that do not listen. */
  private static @Nullable Listener parse(String line) {
    List<String> fields = new ArrayList<>();
    for (String field : line.strip().split(" ", -1)) {
      if (!field.isEmpty()) {
        fields.add(field);
      }
    }
    if (fields.size() <= UID || !fields.get(STATE).equals(LISTENING)) {
      return null;
    }
    String local = fields.get(LOCAL);
    try {
      int port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16);
      return new Listener(port, Integer.parseUnsignedInt(fields.get(UID)));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
