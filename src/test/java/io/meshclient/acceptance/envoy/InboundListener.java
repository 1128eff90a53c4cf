package io.meshclient.acceptance.envoy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The listener of a sidecar's inbound side. It learns by the PROXY protocol where a connection was
 * meant to go, where a sidecar learns it from the kernel.
 */
final class InboundListener {

  private static final List<String> ISTIO_ALPN =
      List.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

  private final AppliedResources resources;
  private final PeerAuthenticationModes modes;
  private final Path certificates;
  private final Path accessLog;

  /**
   * @param certificates the directory of cert.pem, key.pem, ca.pem
   */
  InboundListener(AppliedResources resources, Path certificates, Path accessLog) {
    this.resources = resources;
    this.modes = new PeerAuthenticationModes(resources);
    this.certificates = certificates;
    this.accessLog = accessLog;
  }

  Map<String, Object> json(String name, List<Integer> ports) {
    List<Object> chains = new ArrayList<>();
    for (int port : ports) {
      String mode = modes.of(port);
      if (!mode.equals("DISABLE")) {
        chains.add(chain(port, mode.equals("PERMISSIVE") ? ISTIO_ALPN : List.of()));
      }
      if (!mode.equals("STRICT")) {
        chains.add(
            Js.object(
                "filter_chain_match",
                match(port, mode.equals("DISABLE") ? null : "raw_buffer", null),
                "filters",
                List.of(connectionManager())));
      }
    }
    return Js.object(
        "name",
        name,
        "address",
        Js.object("socket_address", Js.object("address", "127.0.0.1", "port_value", 0)),
        "listener_filters",
        List.of(
            proxyProtocol(),
            Js.extension(
                "envoy.filters.listener.tls_inspector",
                Js.typed("envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"))),
        "filter_chains",
        chains);
  }

  static Map<String, Object> proxyProtocol() {
    return Js.extension(
        "envoy.filters.listener.proxy_protocol",
        Js.typed("envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"));
  }

  private Map<String, Object> chain(int port, List<String> protocols) {
    return Js.object(
        "filter_chain_match",
        match(port, "tls", protocols),
        "filters",
        List.of(connectionManager()),
        "transport_socket",
        Js.extension("envoy.transport_sockets.tls", tls()));
  }

  private static Map<String, Object> match(int port, String transport, List<String> protocols) {
    return Js.object(
        "destination_port", port,
        "transport_protocol", transport,
        "application_protocols", protocols);
  }

  private Map<String, Object> tls() {
    List<Object> names = new ArrayList<>();
    for (String domain : resources.trustDomains().all()) {
      names.add(Js.object("prefix", "spiffe://" + domain + "/"));
    }
    return Js.typed(
        "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "common_tls_context",
        Js.object(
            "alpn_protocols",
            List.of("h2", "http/1.1"),
            "tls_certificates",
            List.of(
                Js.object(
                    "certificate_chain", file("cert.pem"),
                    "private_key", file("key.pem"))),
            "validation_context",
            Js.object("match_subject_alt_names", names, "trusted_ca", file("ca.pem"))),
        "require_client_certificate",
        true);
  }

  private Map<String, Object> file(String name) {
    return Js.object("filename", certificates.resolve(name).toAbsolutePath().toString());
  }

  private Map<String, Object> connectionManager() {
    List<Object> filters = new ArrayList<>();
    filters.addAll(JwtFilter.of(resources));
    filters.addAll(RbacFilters.of(resources));
    filters.add(
        Js.extension(
            "envoy.filters.http.router",
            Js.typed("envoy.extensions.filters.http.router.v3.Router")));
    String normalization = resources.normalization();
    boolean decodes = normalization.equals("DECODE_AND_MERGE_SLASHES");
    return Js.extension(
        "envoy.filters.network.http_connection_manager",
        Js.typed(
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix",
            "inbound",
            "route_config",
            routes(),
            "http_filters",
            filters,
            "access_log",
            List.of(log(accessLog)),
            "use_remote_address",
            false,
            "forward_client_cert_details",
            "APPEND_FORWARD",
            "set_current_client_cert_details",
            Js.object("subject", true, "dns", true, "uri", true),
            "normalize_path",
            !normalization.equals("NONE"),
            "merge_slashes",
            decodes || normalization.equals("MERGE_SLASHES"),
            "path_with_escaped_slashes_action",
            decodes ? "UNESCAPE_AND_FORWARD" : "KEEP_UNCHANGED",
            "upgrade_configs",
            List.of(Js.object("upgrade_type", "websocket"))));
  }

  private static Map<String, Object> routes() {
    return Js.object(
        "virtual_hosts",
        List.of(
            Js.object(
                "name",
                "inbound",
                "domains",
                List.of("*"),
                "routes",
                List.of(
                    Js.object(
                        "match", Js.object("prefix", "/"),
                        "route", Js.object("cluster", "workload", "timeout", "0s"))))));
  }

  static Map<String, Object> log(Path file) {
    return Js.extension(
        "envoy.access_loggers.file",
        Js.typed(
            "envoy.extensions.access_loggers.file.v3.FileAccessLog",
            "path",
            file.toAbsolutePath().toString(),
            "log_format",
            Js.object(
                "json_format",
                Js.object(
                    "audit", "%DYNAMIC_METADATA(envoy.common:access_log_hint)%",
                    "details", "%RESPONSE_CODE_DETAILS%",
                    "id", "%REQ(X-TEST-ID)%",
                    "rbac", "%DYNAMIC_METADATA(envoy.filters.http.rbac)%"))));
  }
}
