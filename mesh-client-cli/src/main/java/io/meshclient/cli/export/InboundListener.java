package io.meshclient.cli.export;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshclient.access.AccessPolicy;
import io.meshclient.access.PeerMode;
import io.meshclient.cli.options.HostPort;
import io.meshclient.istio.MeshConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the listener for requests that come in: for each of the application's ports what
 * PeerAuthentication lets in there. A port that is none of these is passed on to by the same rules.
 */
final class InboundListener {
  static final String PASSTHROUGH = "InboundPassthroughCluster";

  /** Connections to other ports have this source, by which they are not redirected again. */
  private static final String PASSTHROUGH_SOURCE = "127.0.0.6";

  private static final List<String> ISTIOS_PROTOCOLS =
      List.of("istio-http/1.0", "istio-http/1.1", "istio-h2", "istio", "istio-peer-exchange");

  private final SidecarOptions options;
  private final MeshConfig mesh;
  private final AccessPolicy access;
  private final InboundHttp http;

  InboundListener(SidecarOptions options, MeshConfig mesh, AccessPolicy access, InboundHttp http) {
    this.options = options;
    this.mesh = mesh;
    this.access = access;
    this.http = http;
  }

  JsonObject write() {
    List<JsonObject> chains = new ArrayList<>();
    for (HostPort at : options.inboundListen()) {
      if (!options.inbound().contains(at.port())) {
        chains.add(blackHole(at.port()));
      }
    }
    for (int port : options.inbound()) {
      chains.addAll(chains(port, access.peerMode(port)));
    }
    chains.addAll(chains(0, access.peerMode(0)));
    List<HostPort> at = options.inboundListen();
    return Json.object(
        "name",
        "virtualInbound",
        "address",
        Json.socketAddress(at.get(0).host(), at.get(0).port()),
        "additional_addresses",
        Json.arrayOrNull(at.subList(1, at.size()).stream().map(InboundListener::further).toList()),
        "traffic_direction",
        Side.INBOUND,
        "listener_filters",
        List.of(Inspectors.originalDestination(), Inspectors.tls(), Inspectors.http()),
        "listener_filters_timeout",
        "0s",
        "continue_on_listener_filters_timeout",
        true,
        "filter_chains",
        chains);
  }

  private static JsonObject further(HostPort at) {
    return Json.object("address", Json.socketAddress(at.host(), at.port()));
  }

  private static JsonObject blackHole(int port) {
    return Json.object(
        "name",
        "virtualInbound-blackhole-" + port,
        "filter_chain_match",
        Json.object("destination_port", port),
        "filters",
        List.of(Tcp.to(Clusters.BLACK_HOLE)));
  }

  /**
   * @param port 0 for all others
   */
  private List<JsonObject> chains(int port, PeerMode mode) {
    List<JsonObject> chains = new ArrayList<>();
    if (mode != PeerMode.DISABLE && options.certs() != null) {
      List<String> protocols = mode == PeerMode.PERMISSIVE ? ISTIOS_PROTOCOLS : List.of();
      JsonObject secured = chain(port, "-mtls", "tls", protocols);
      secured.add("transport_socket", mutualTls());
      chains.add(secured);
    }
    if (mode == PeerMode.PERMISSIVE) {
      chains.add(chain(port, "", "raw_buffer", List.of()));
    } else if (mode == PeerMode.DISABLE) {
      chains.add(chain(port, "", null, List.of()));
    }
    return chains;
  }

  private JsonObject chain(
      int port, String suffix, @Nullable String transport, List<String> protocols) {
    JsonObject match =
        Json.object(
            "destination_port",
            port == 0 ? null : port,
            "transport_protocol",
            transport,
            "application_protocols",
            Json.arrayOrNull(protocols));
    String name = port == 0 ? "virtualInbound-catchall" : "0.0.0.0_" + port;
    return Json.object(
        "name",
        name + suffix,
        "filter_chain_match",
        match,
        "filters",
        List.of(Http.filter(http.manager(port))));
  }

  private JsonObject mutualTls() {
    List<String> domains = new ArrayList<>(List.of(mesh.trustDomain()));
    domains.addAll(mesh.trustDomainAliases());
    JsonObject validation = Certificates.validation(options.cert(Certificates.ROOTS), List.of());
    JsonArray names = new JsonArray();
    for (String domain : domains) {
      String prefix = "spiffe://" + domain + "/";
      names.add(Certificates.matcher(prefix, Json.object("prefix", prefix)));
    }
    validation.add("match_typed_subject_alt_names", names);
    return Json.extension(
        "envoy.transport_sockets.tls",
        "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "require_client_certificate",
        true,
        "common_tls_context",
        Json.object(
            "tls_params",
            tlsVersions(),
            "alpn_protocols",
            List.of("h2", "http/1.1"),
            "tls_certificates",
            List.of(Certificates.own(options)),
            "validation_context",
            validation));
  }

  private static JsonObject tlsVersions() {
    return Json.object(
        "tls_minimum_protocol_version",
        "TLSv1_2",
        "tls_maximum_protocol_version",
        "TLSv1_3",
        "cipher_suites",
        List.of(
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-GCM-SHA256"));
  }

  /** The application's ports, and what passes connections to others on. */
  List<JsonObject> clusters() {
    List<JsonObject> clusters = new ArrayList<>();
    for (int port : options.inbound()) {
      clusters.add(application(port));
    }
    JsonObject passthrough =
        Json.object(
            "name",
            PASSTHROUGH,
            "type",
            "ORIGINAL_DST",
            "connect_timeout",
            "10s",
            "lb_policy",
            "CLUSTER_PROVIDED",
            "upstream_bind_config",
            Json.object(
                "source_address", Json.object("address", PASSTHROUGH_SOURCE, "port_value", 0)));
    clusters.add(passthrough);
    return clusters;
  }

  private JsonObject application(int port) {
    String name = InboundHttp.cluster(port);
    int at = options.upstreamPort() == 0 ? port : options.upstreamPort();
    JsonObject endpoint =
        Json.object(
            "endpoint", Json.object("address", Json.socketAddress(AdminListeners.LOOPBACK, at)));
    return Json.object(
        "name",
        name,
        "type",
        "STATIC",
        "connect_timeout",
        "10s",
        "circuit_breakers",
        Limits.circuitBreakers(io.meshclient.policy.PoolLimits.DEFAULT),
        "load_assignment",
        Json.object(
            "cluster_name",
            name,
            "endpoints",
            List.of(Json.object("lb_endpoints", List.of(endpoint)))));
  }
}
