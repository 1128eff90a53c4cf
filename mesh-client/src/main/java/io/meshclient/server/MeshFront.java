package io.meshclient.server;

import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Ownership;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh has done for a request before it came here. That there is a sidecar does not prove
 * that a request came through it: ports can be kept from it, and what the application reads as TLS
 * the sidecar could not. Istio's connects from an address that nobody outside of the pod can have.
 * Safe from any thread.
 */
final class MeshFront {

  /** Without a mesh: all is done here. */
  static final MeshFront NONE = new MeshFront(null);

  private static final byte[] ISTIO_IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6};

  private final @Nullable Supplier<Ownership> ownership;

  /**
   * @param ownership of requests that come in, as of now; {@code null} for nothing of the mesh's
   */
  MeshFront(@Nullable Supplier<Ownership> ownership) {
    this.ownership = ownership;
  }

  /** Whether the mesh has seen to this for a request. */
  boolean has(Capability capability, ServerExchange exchange) {
    return ownership != null && has(ownership.get(), capability, exchange);
  }

  /** Whether {@code x-forwarded-client-cert} is a sidecar's: others' proxies let anybody's by. */
  boolean tellsCaller(ServerExchange exchange) {
    Ownership now = ownership == null ? Ownership.LIBRARY : ownership.get();
    return now.mode() == MeshMode.ISTIO && has(now, Capability.PEERS, exchange);
  }

  private static boolean has(Ownership now, Capability capability, ServerExchange exchange) {
    return now.isMesh(capability)
        && !exchange.secured()
        && (now.mode() != MeshMode.ISTIO || isOfPod(exchange.remote().getAddress()));
  }

  private static boolean isOfPod(InetAddress address) {
    return address.isLoopbackAddress()
        || address instanceof Inet6Address && Arrays.equals(address.getAddress(), ISTIO_IPV6);
  }
}
