package io.meshclient.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look around: which mesh there seems to be, and what says so. */
final class Look {
  private final Surroundings around;
  private final List<String> evidence = new ArrayList<>();
  private final List<Listener> listeners;
  private final Map<String, String> annotations;

  private Look(Surroundings around) {
    this.around = around;
    this.listeners = Listener.of(around.proc());
    this.annotations = PodInfo.read(around.podinfo().resolve("annotations"));
  }

  /**
   * Looks for a mesh.
   *
   * @param asks whether proxies that seem to be there are asked, which may take a second
   * @param unseen what it means if there is none
   */
  static MeshState around(Surroundings around, boolean asks, Basis unseen) {
    Look look = new Look(around);
    MeshMode annotated = look.annotated();
    LocalProxy proxy = look.listening();
    MeshMode mode = proxy != null ? proxy.mode() : annotated;
    look.mentionGrpc();
    if (mode == MeshMode.NONE) {
      look.evidence.add(
          Files.isReadable(around.proc().resolve("net").resolve("tcp"))
              ? "no port of a proxy that is known is open"
              : around.proc() + "/net/tcp cannot be read: open ports are not known");
      return look.state(mode, unseen, MeshState.Readiness.UNKNOWN);
    }
    LocalProxy known = proxy != null ? proxy : LocalProxy.of(mode);
    if (known != null && known.uid() == look.ownUid()) {
      look.evidence.add(
          "this process has the proxy's own uid "
              + known.uid()
              + ": its traffic is not redirected");
      return look.state(MeshMode.NONE, Basis.NOT_SEEN, MeshState.Readiness.UNKNOWN);
    }
    MeshState.Readiness readiness = asks ? look.ask(known) : MeshState.Readiness.UNKNOWN;
    boolean sure = asks && known != null && look.confirms(known, readiness);
    return look.state(mode, sure ? Basis.CONFIRMED : Basis.CLAIMED, readiness);
  }

  /** The mode that was told, and how its proxy is. */
  static MeshState told(Surroundings around, MeshMode mode, String by, boolean asks) {
    Look look = new Look(around);
    look.evidence.add(by + ": " + mode.word());
    LocalProxy proxy = LocalProxy.of(mode);
    return look.state(mode, Basis.TOLD, asks ? look.ask(proxy) : MeshState.Readiness.UNKNOWN);
  }

  private MeshState state(MeshMode mode, Basis basis, MeshState.Readiness readiness) {
    Interception led = mode.hasSidecar() ? Interception.of(annotations) : Interception.ALL;
    return new MeshState(mode, basis, readiness, led, evidence);
  }

  private @Nullable LocalProxy listening() {
    for (LocalProxy proxy : LocalProxy.ALL) {
      Set<Integer> ports = proxy.portsAmong(listeners);
      if (!ports.isEmpty()) {
        String who = proxy.uid() == LocalProxy.ANYBODY ? "somebody" : "uid " + proxy.uid();
        evidence.add(who + " listens on " + ports + ", as " + proxy.mode().proxy() + " does");
        return proxy;
      }
    }
    return null;
  }

  /** What the pod's annotations say: those that an injector writes, not those that ask for it. */
  private MeshMode annotated() {
    if (annotations.getOrDefault("inject.istio.io/templates", "").contains("grpc")) {
      evidence.add("annotation inject.istio.io/templates: gRPC without a proxy");
    } else if (has("sidecar.istio.io/status", "")) {
      return MeshMode.ISTIO;
    }
    if (has("ambient.istio.io/redirection", "enabled")) {
      return MeshMode.AMBIENT;
    }
    if (has("linkerd.io/proxy-version", "")) {
      return MeshMode.LINKERD;
    }
    return has("consul.hashicorp.com/connect-inject-status", "injected")
        ? MeshMode.CONSUL
        : MeshMode.NONE;
  }

  private boolean has(String name, String expected) {
    String value = annotations.get(name);
    if (value == null || !expected.isEmpty() && !value.equals(expected)) {
      return false;
    }
    evidence.add("the pod has the annotation " + name);
    return true;
  }

  private void mentionGrpc() {
    String bootstrap = around.variables().getOrDefault("GRPC_XDS_BOOTSTRAP", "");
    if (!bootstrap.isEmpty()) {
      evidence.add("GRPC_XDS_BOOTSTRAP: " + bootstrap + ": gRPC of this pod has rules of its own");
    } else if (Files.exists(around.istio().resolve("grpc-bootstrap.json"))) {
      evidence.add(around.istio() + "/grpc-bootstrap.json: gRPC of this pod has rules of its own");
    }
  }

  private MeshState.Readiness ask(@Nullable LocalProxy proxy) {
    LocalProxy.Endpoint ready = proxy == null ? null : proxy.ready();
    if (ready == null) {
      return MeshState.Readiness.UNKNOWN;
    }
    int status = ready.ask(around.prober());
    evidence.add(ready + (status < 0 ? " does not answer" : " answers " + status));
    return status == 200 ? MeshState.Readiness.READY : MeshState.Readiness.NOT_READY;
  }

  /** An answer counts where it can be of nobody but the proxy's user. */
  private boolean confirms(LocalProxy proxy, MeshState.Readiness readiness) {
    if (proxy.ready() != null
        && readiness == MeshState.Readiness.READY
        && proxy.owns(proxy.ready(), listeners)) {
      return true;
    }
    if (proxy.info() == null || !proxy.owns(proxy.info(), listeners)) {
      return false;
    }
    int status = proxy.info().ask(around.prober());
    evidence.add(proxy.info() + (status < 0 ? " does not answer" : " answers " + status));
    return status == 200;
  }

  /** The effective one; -2 where it is not known. */
  private int ownUid() {
    Path status = around.proc().resolve("status");
    try {
      if (Files.isReadable(status)) {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("Uid:")) {
            return Integer.parseUnsignedInt(line.split("\t", -1)[2].strip());
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // What cannot be read says nothing.
    }
    return -2;
  }
}
