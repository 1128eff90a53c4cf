package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.MeshPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the listeners for requests that go out. Redirected connections come in at one, which hands
 * each to the listener of the port that it was meant for; other listeners have no socket of their
 * own.
 */
final class OutboundListeners {
  private static final String ANYWHERE = "0.0.0.0";

  private final MeshPolicy policy;
  private final SidecarOptions options;
  private final Http http;

  OutboundListeners(MeshPolicy policy, SidecarOptions options, Http http) {
    this.policy = policy;
    this.options = options;
    this.http = http;
  }

  List<JsonObject> all() {
    List<JsonObject> listeners = new ArrayList<>();
    for (SidecarOptions.PlainListener plain : options.plain()) {
      listeners.add(plain(plain));
    }
    if (options.plain().isEmpty() && options.outboundPort() != 0) {
      listeners.add(virtual());
      policy.ports().stream().filter(port -> port != 0).forEach(port -> listeners.add(of(port)));
    }
    return listeners;
  }

  private JsonObject plain(SidecarOptions.PlainListener plain) {
    return Json.object(
        "name",
        plain.at().host() + "_" + plain.servicePort(),
        "address",
        Json.socketAddress(plain.at().host(), plain.at().port()),
        "traffic_direction",
        Side.OUTBOUND,
        "filter_chains",
        List.of(Json.object("filters", List.of(manager(plain.servicePort())))));
  }

  /** Where redirected connections come in; those to ports that nothing knows stay here. */
  private JsonObject virtual() {
    List<JsonObject> chains = new ArrayList<>();
    chains.add(
        Json.object(
            "name",
            "virtualOutbound-blackhole",
            "filter_chain_match",
            Json.object("destination_port", options.outboundPort()),
            "filters",
            List.of(Tcp.to(Clusters.BLACK_HOLE))));
    boolean portless = !policy.virtualHosts(0).isEmpty();
    if (portless) {
      chains.add(detected(0));
    }
    return Json.object(
        "name",
        "virtualOutbound",
        "address",
        Json.socketAddress(ANYWHERE, options.outboundPort()),
        "traffic_direction",
        Side.OUTBOUND,
        "use_original_dst",
        true,
        "listener_filters",
        portless ? List.of(Inspectors.tls(), Inspectors.http()) : null,
        "listener_filters_timeout",
        "0s",
        "continue_on_listener_filters_timeout",
        true,
        "filter_chains",
        chains,
        "default_filter_chain",
        unknown());
  }

  private JsonObject of(int port) {
    return Json.object(
        "name",
        ANYWHERE + "_" + port,
        "address",
        Json.socketAddress(ANYWHERE, port),
        "bind_to_port",
        false,
        "traffic_direction",
        Side.OUTBOUND,
        "listener_filters",
        List.of(Inspectors.tls(), Inspectors.http()),
        "listener_filters_timeout",
        "0s",
        "continue_on_listener_filters_timeout",
        true,
        "filter_chains",
        List.of(detected(port)),
        "default_filter_chain",
        unknown());
  }

  private JsonObject detected(int port) {
    return Json.object(
        "name",
        "http",
        "filter_chain_match",
        Json.object(
            "transport_protocol",
            "raw_buffer",
            "application_protocols",
            List.of("http/1.0", "http/1.1", "h2c")),
        "filters",
        List.of(manager(port)));
  }

  /** What is not HTTP goes where it was meant to, or nowhere under REGISTRY_ONLY. */
  private JsonObject unknown() {
    boolean passes =
        policy.unknownHost().action() instanceof io.meshclient.policy.RouteAction.Forward;
    return Json.object(
        "name",
        "PassthroughFilterChain",
        "filters",
        List.of(Tcp.to(passes ? Clusters.PASSTHROUGH : Clusters.BLACK_HOLE)));
  }

  private JsonObject manager(int port) {
    String shown = port == 0 ? "any" : Integer.toString(port);
    return Http.filter(
        http.manager(
            "outbound_" + ANYWHERE + "_" + shown + ";",
            VirtualHosts.of(policy, port, shown),
            List.of(Http.faults(), Http.router()),
            Side.OUTBOUND));
  }
}
