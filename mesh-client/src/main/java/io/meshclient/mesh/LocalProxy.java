package io.meshclient.mesh;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A proxy beside the workload: the ports it listens on, the user it runs as, and its endpoints on
 * the loopback interface. By Istio's, Linkerd's and Consul's documentation of ports and users.
 *
 * @param uid {@link #ANYBODY} where its user says nothing
 * @param absent ports that somebody else's presence is told by
 * @param ready says whether it takes requests; {@code null} where nothing does
 * @param info says that it is the proxy, ready or not
 * @param quit makes it end
 */
record LocalProxy(
    MeshMode mode,
    int uid,
    List<Integer> ports,
    List<Integer> absent,
    @Nullable Endpoint ready,
    @Nullable Endpoint info,
    @Nullable Endpoint quit) {
  static final int ANYBODY = -1;

  static final List<LocalProxy> ALL =
      List.of(
          new LocalProxy(
              MeshMode.ISTIO,
              1337,
              List.of(15001, 15006, 15021, 15090),
              List.of(),
              new Endpoint("GET", 15021, "/healthz/ready"),
              new Endpoint("GET", 15000, "/server_info"),
              new Endpoint("POST", 15020, "/quitquitquit")),
          new LocalProxy(
              MeshMode.LINKERD,
              2102,
              List.of(4140, 4143, 4191),
              List.of(),
              new Endpoint("GET", 4191, "/ready"),
              null,
              new Endpoint("POST", 4191, "/shutdown")),
          new LocalProxy(
              MeshMode.CONSUL,
              5995,
              List.of(15001, 20000, 19000),
              List.of(),
              new Endpoint("GET", 19000, "/ready"),
              null,
              null),
          // ztunnel listens within the pod's network, and runs outside.
          new LocalProxy(
              MeshMode.AMBIENT,
              ANYBODY,
              List.of(15001, 15006, 15008),
              List.of(15020, 15021),
              null,
              null,
              null));

  /** An HTTP endpoint of the proxy's own. */
  record Endpoint(String method, int port, String path) {
    int ask(Prober prober) {
      return prober.ask(method, port, path);
    }

    @Override
    public String toString() {
      return ":" + port + path;
    }
  }

  LocalProxy {
    ports = List.copyOf(ports);
    absent = List.copyOf(absent);
  }

  /** The one of a mode; {@code null} where none is beside the workload. */
  static @Nullable LocalProxy of(MeshMode mode) {
    return ALL.stream().filter(proxy -> proxy.mode == mode).findFirst().orElse(null);
  }

  /**
   * Those of its ports that are its own. A user of its own tells by one port: they are opened one
   * after another. Without one all have to be there.
   */
  Set<Integer> portsAmong(List<Listener> listeners) {
    Set<Integer> own = new TreeSet<>();
    for (Listener listener : listeners) {
      if (ports.contains(listener.port()) && (uid == ANYBODY || uid == listener.uid())) {
        own.add(listener.port());
      }
    }
    Predicate<Integer> isListening = port -> listeners.stream().anyMatch(l -> l.port() == port);
    boolean enough = uid == ANYBODY ? own.size() == ports.size() : !own.isEmpty();
    return enough && absent.stream().noneMatch(isListening) ? own : Set.of();
  }

  /** Whether nobody but the proxy's user listens on an endpoint's port. */
  boolean owns(Endpoint endpoint, List<Listener> listeners) {
    return listeners.stream().anyMatch(l -> l.port() == endpoint.port())
        && listeners.stream().allMatch(l -> l.port() != endpoint.port() || l.uid() == uid);
  }
}
