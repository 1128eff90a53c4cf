package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.identity.SpiffeId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection that requests come in by. Immutable.
 *
 * @param secured whether it is TLS
 * @param peer who is at its other end, by a certificate that was verified, or in the words of a
 *     sidecar that is trusted; {@code null} where nobody has proven anything
 * @param sni the server's name as the handshake has it; {@code null} without one
 * @param source the address at the other end
 * @param destination the address here
 * @param port the workload's port, which need not be the one that is listened on
 */
public record InboundConnection(
    boolean secured,
    @Nullable SpiffeId peer,
    @Nullable String sni,
    InetAddress source,
    InetAddress destination,
    int port) {

  public InboundConnection {
    requireNonNull(source, "source");
    requireNonNull(destination, "destination");
  }
}
