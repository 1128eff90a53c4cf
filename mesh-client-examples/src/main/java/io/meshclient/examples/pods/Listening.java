package io.meshclient.examples.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which ports are listened on in a pod, by the kernel's table of its sockets. */
final class Listening {
  private static final String LISTEN = "0A";

  private Listening() {}

  /**
   * @param holder a process of the pod
   */
  static boolean on(long holder, int port) throws IOException {
    return in(holder, "tcp", port) || in(holder, "tcp6", port);
  }

  private static boolean in(long holder, String table, int port) throws IOException {
    Path file = Path.of("/proc", Long.toString(holder), "net", table);
    if (!Files.exists(file)) {
      return false; // a kernel without IPv6
    }
    String end = String.format(Locale.ROOT, ":%04X", port);
    List<String> lines = Files.readAllLines(file);
    // "  0: 00000000:1F90 00000000:0000 0A ...": number, local and remote address, state.
    return lines.stream()
        .map(line -> line.strip().split(" +", 5))
        .anyMatch(parts -> parts.length > 3 && parts[1].endsWith(end) && parts[3].equals(LISTEN));
  }
}
