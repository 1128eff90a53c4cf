package io.meshclient.examples.pods;

import io.meshclient.examples.spans.Collector;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Svid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pods on a network of their own, joined by a bridge in a network namespace that is nobody's, so
 * that nothing of this machine's own network is touched and any number of such networks can be
 * there at once, with the same addresses. Takes what {@link Requirements} lists.
 *
 * <p>{@link #close} ends it all; so does the end of this process, however it comes. May be shared
 * by threads.
 */
public final class PodNetwork implements AutoCloseable {
  /** OTLP's, for gRPC. */
  public static final int COLLECTOR_PORT = 4317;

  private static final String COLLECTOR = "collector";
  private static final Duration START = Duration.ofSeconds(30);
  private static final String PODS = "10.77.0.";
  private static final String SERVICES = "10.77.255.";
  private static final String PREFIX = "/16";
  private static final String TRUST_DOMAIN = "cluster.local";
  private static final int MOST = 200;

  private final String namespace;
  private final Map<String, String> services = new LinkedHashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Path directory;
  private final @Nullable Path envoy;
  private final LocalAuthority authority;
  private final Namespace bridge;
  private @Nullable Pod collector;
  private boolean closed;

  private PodNetwork(String namespace, List<String> services, Path directory) throws IOException {
    this.namespace = namespace;
    this.directory = directory;
    this.envoy = EnvoyBinary.find(System.getenv());
    for (String service : services) {
      this.services.put(service, SERVICES + (this.services.size() + 1));
    }
    this.authority = LocalAuthority.of(TrustDomain.parse(TRUST_DOMAIN)).build();
    // What a killed process cannot delete.
    String last = "rm -rf '" + directory + "'";
    this.bridge =
        Namespace.open("the bridge", "ip link add br0 type bridge && ip link set br0 up", last);
  }

  /**
   * An empty network.
   *
   * @param namespace of the services, in Kubernetes' sense
   * @param services whose names the pods know
   * @throws IOException if it cannot be made, with what the system said
   */
  public static PodNetwork open(String namespace, List<String> services) throws IOException {
    Path directory = Files.createTempDirectory("mesh-pods");
    try {
      // Sidecars are another user.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      return new PodNetwork(namespace, services, directory);
    } catch (IOException | RuntimeException e) {
      delete(directory);
      throw e;
    }
  }

  /** The services' addresses by their names. Nobody has them: sidecars know who is meant. */
  public Map<String, String> services() {
    return Map.copyOf(services);
  }

  /**
   * Adds a pod; its connections go their own way until {@link #inject}.
   *
   * @param app its label of that name, its service's name and its service account
   * @param version its label of that name
   */
  public Pod add(String name, String app, String version) throws IOException {
    return add(namespace, name, app, version);
  }

  /** The same, in another namespace than the services'. */
  public synchronized Pod add(String within, String name, String app, String version)
      throws IOException {
    if (closed || pods.containsKey(name) || pods.size() == MOST) {
      throw new IllegalArgumentException(
          "pod: \"%s\" (expected: one of at most %d of an open network, besides %s)"
              .formatted(name, MOST, pods.keySet()));
    }
    int number = pods.size() + 1;
    Path own = Files.createDirectory(directory.resolve(name));
    Namespace made = Namespace.open(name, mounts(own), "");
    try {
      String address = PODS + number;
      connect(made, number, address);
      Pod pod = new Pod(name, within, app, version, address, made, own);
      pods.put(name, pod);
      return pod;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /**
   * Adds a pod that receives the spans of sidecars that are injected after this, and of whoever
   * sends them to port {@link #COLLECTOR_PORT} of it.
   */
  public synchronized Pod addCollector() throws IOException, InterruptedException {
    Pod added = add(COLLECTOR, COLLECTOR, "v1");
    List<String> command = Jvm.command(Collector.class, Integer.toString(COLLECTOR_PORT));
    PodProcess process = added.start(COLLECTOR, command, Map.of());
    added.awaitListening(process, COLLECTOR_PORT, START);
    collector = added;
    return added;
  }

  /**
   * Gives pods sidecars, which are not started yet, and know of all pods that are there by now.
   *
   * @param config Istio's YAML: files and directories
   * @return one for each pod, in that order
   */
  public synchronized List<Sidecar> inject(List<Path> config, List<Pod> into) throws IOException {
    into.forEach(Pod::markInjected);
    Path cluster = directory.resolve("cluster.yaml");
    Files.writeString(cluster, Manifest.of(namespace, services, pods.values()));
    List<Path> all = new ArrayList<>(config);
    all.add(cluster);
    String spans = collector == null ? null : collector.address() + ":" + COLLECTOR_PORT;
    List<Sidecar> sidecars = new ArrayList<>();
    for (Pod pod : into) {
      X509Svid svid = authority.issue(id(pod.namespace(), pod.app()));
      WorkloadIdentity identity = new WorkloadIdentity(svid, authority.bundles());
      sidecars.add(Sidecar.of(pod, identity, all, spans));
    }
    return sidecars;
  }

  /** Who a pod of a service is. */
  public SpiffeId id(String app) {
    return id(namespace, app);
  }

  private static SpiffeId id(String namespace, String app) {
    return SpiffeId.parse("spiffe://" + TRUST_DOMAIN + "/ns/" + namespace + "/sa/" + app);
  }

  public synchronized List<Pod> pods() {
    return List.copyOf(pods.values());
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    pods.values().parallelStream().forEach(Pod::close);
    bridge.close();
    if (Files.exists(directory)) {
      delete(directory);
    }
  }

  private void connect(Namespace made, int number, String address) throws IOException {
    String end = "pod" + number;
    bridge.runOutside(
        "link add %s type veth peer name eth0 netns %d\nlink set %s master br0\nlink set %s up\n"
            .formatted(end, made.holder(), end, end),
        "ip",
        "-batch",
        "-");
    made.run("addr add " + address + PREFIX + " dev eth0\nlink set eth0 up\n", "ip", "-batch", "-");
  }

  /** Its own hosts file and no name server; and Envoy where its user can get at it. */
  private String mounts(Path own) throws IOException {
    Path hosts = Files.writeString(own.resolve("hosts"), hosts());
    Path resolver = Files.writeString(own.resolve("resolv.conf"), "");
    StringBuilder script = new StringBuilder();
    script.append("mount --bind '").append(hosts).append("' /etc/hosts\n");
    script.append("if [ -e /etc/resolv.conf ]; then mount --bind '");
    script.append(resolver).append("' /etc/resolv.conf; fi\n");
    if (envoy != null) {
      Path inside = Files.createFile(Sidecar.program(own));
      script.append("mount --bind '").append(envoy).append("' '").append(inside).append("'\n");
    }
    return script.toString();
  }

  private String hosts() {
    List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
    services.forEach(
        (name, address) -> {
          String longer = name + "." + namespace;
          lines.add(
              "%s %s %s %s.svc %s.svc.cluster.local"
                  .formatted(address, name, longer, longer, longer));
        });
    return String.join("\n", lines) + "\n";
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("cannot delete " + directory + ": " + e.getMessage());
    }
  }
}
