package io.meshclient.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A pod as a process sees it from within: files as Linux and Kubernetes write them. */
public final class Pod {
  private static final String HEADING =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";

  final AtomicLong nanos = new AtomicLong();
  final List<String> asked = new ArrayList<>();
  private final Path root;
  private final Map<String, Integer> answers = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private final StringBuilder tcp = new StringBuilder(HEADING);
  private final StringBuilder tcp6 = new StringBuilder(HEADING);

  public Pod(Path root) {
    this.root = root;
    write("proc/net/tcp", HEADING);
    uid(1000);
  }

  /** Sockets that listen, as the kernel's table has them. */
  public Pod listens(int uid, int... ports) {
    for (int port : ports) {
      tcp.append(
          String.format(
              "   0: 00000000:%04X 00000000:0000 0A 00000000:00000000 00:00000000 00000000 %5d     "
                  + "   0 26538 1 0000000000000000 100 0 0 10 0%n",
              port, uid));
    }
    return write("proc/net/tcp", tcp.toString());
  }

  Pod listens6(int uid, int... ports) {
    for (int port : ports) {
      tcp6.append(
          String.format(
              "   0: 00000000000000000000000000000000:%04X 00000000000000000000000000000000:0000 0A"
                  + " 00000000:00000000 00:00000000 00000000 %5d        0 26540 1 0000000000000000"
                  + " 100 0 0 10 0%n",
              port, uid));
    }
    return write("proc/net/tcp6", tcp6.toString());
  }

  /** A connection of somebody's to that port: not listening. */
  Pod connected(int uid, int port) {
    tcp.append(
        String.format(
            "   1: 0100007F:%04X 0100007F:9C40 01 00000000:00000000 00:00000000 00000000 %5d       "
                + " 0 26600 1 0000000000000000 20 4 30 10 -1%n",
            port, uid));
    return write("proc/net/tcp", tcp.toString());
  }

  Pod uid(int uid) {
    return write(
        "proc/status", "Name:\tjava\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n");
  }

  /** An annotation, as the downward API writes it. */
  public Pod annotation(String name, String value) {
    Path file = root.resolve("podinfo/annotations");
    try {
      String before = Files.exists(file) ? Files.readString(file) : "";
      String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      return write("podinfo/annotations", before + name + "=\"" + quoted + "\"\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the proxy says at an endpoint such as {@code :15021/healthz/ready}. */
  public Pod answers(String endpoint, int status) {
    answers.put(endpoint, status);
    return this;
  }

  Pod variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** What a detector looks at. */
  public Surroundings surroundings() {
    return new Surroundings(
        root.resolve("proc"),
        root.resolve("podinfo"),
        root.resolve("istio"),
        variables,
        this::ask,
        nanos::get);
  }

  /** What the proxy was asked so far. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  private synchronized int ask(String method, int port, String path) {
    asked.add(method + " :" + port + path);
    return answers.getOrDefault(":" + port + path, -1);
  }

  Pod write(String name, String text) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
