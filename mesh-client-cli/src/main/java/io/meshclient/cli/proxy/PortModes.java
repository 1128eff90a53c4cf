package io.meshclient.cli.proxy;

import io.meshclient.access.AccessPolicy;
import io.meshclient.access.PeerMode;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.eclipse.jetty.io.EndPoint;

/** What connections are taken right now. Safe from any thread. */
final class PortModes {
  private final Supplier<AccessPolicy> policy;
  private final int port;

  /**
   * @param policy the one in force
   * @param port the workload's; 0 for the one that is listened on
   */
  PortModes(Supplier<AccessPolicy> policy, int port) {
    this.policy = policy;
    this.port = port;
  }

  /** By the policy in force. */
  PeerMode of(EndPoint endPoint) {
    int here =
        endPoint.getLocalSocketAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    return policy.get().peerMode(port == 0 ? here : port);
  }
}
