package io.meshclient.cli.export;

import io.meshclient.cli.options.HostPort;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a sidecar is not in the mesh's configuration. Ports of 0 are not listened on.
 *
 * @param certs the directory of the workload's certificate; {@code null} for no mutual TLS
 * @param outboundPort where outbound connections are redirected to
 * @param plain listeners for clients that connect to them; where there are some, nothing is
 *     redirected
 * @param inbound the application's ports; empty for no inbound side
 * @param inboundListen where inbound connections are redirected to
 * @param upstreamPort the application's port on the loopback interface, where it is another one; 0
 *     for the same
 * @param tracing the collector, by OTLP over gRPC; {@code null} for what the mesh names
 */
record SidecarOptions(
    String name,
    String address,
    String serviceAccount,
    @Nullable Path certs,
    AutoMtls autoMtls,
    int admin,
    int outboundPort,
    List<PlainListener> plain,
    List<Integer> inbound,
    List<HostPort> inboundListen,
    int upstreamPort,
    int readinessPort,
    int agentPort,
    int metricsPort,
    @Nullable HostPort tracing) {

  SidecarOptions {
    plain = List.copyOf(plain);
    inbound = List.copyOf(inbound);
    inboundListen = List.copyOf(inboundListen);
  }

  /** Where connections come in by themselves, on the routes of a service's port. */
  record PlainListener(int servicePort, HostPort at) {}

  /** To which endpoints mutual TLS is used where no DestinationRule says so. */
  enum AutoMtls {
    /** Those whose pod has Istio's label {@code security.istio.io/tlsMode: istio}. */
    LABELS,
    /** All of the mesh. */
    ALL,
    NONE
  }

  /** The file of that name in the directory of certificates. */
  String cert(String file) {
    return certs == null ? file : certs.resolve(file).toAbsolutePath().toString();
  }
}
