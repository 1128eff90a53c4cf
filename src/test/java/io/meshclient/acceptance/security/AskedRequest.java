package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.Header;
import io.meshclient.access.InboundConnection;
import io.meshclient.access.InboundRequest;
import io.meshclient.identity.SpiffeId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** A request of a case as a server that took it would hand it to the policies. */
record AskedRequest(String method, String target, List<Header> lines, InboundConnection connection)
    implements InboundRequest {

  private static final String XFCC = "x-forwarded-client-cert";
  private static final String WORKLOAD = "127.2.1.1";

  static AskedRequest of(Outbound request) {
    Caller caller = request.caller();
    SpiffeId peer = caller.identity() == null ? null : SpiffeId.parse(caller.identity());
    InboundConnection connection =
        new InboundConnection(
            caller.tls(),
            peer,
            caller.tls() ? caller.sni() : null,
            address(caller.sourceAddress()),
            address(WORKLOAD),
            caller.port());
    return new AskedRequest(request.method(), request.target(), request.headers(), connection);
  }

  @Override
  public String authority() {
    return Header.first(lines, "host").orElse("");
  }

  @Override
  public List<String> headers(String name) {
    List<String> sent =
        lines.stream()
            .filter(line -> line.name().equalsIgnoreCase(name))
            .map(line -> line.value().strip())
            .toList();
    return name.equals(XFCC) ? proven(sent) : sent;
  }

  private List<String> proven(List<String> sent) {
    SpiffeId peer = connection.peer();
    return peer == null
        ? List.of()
        : Stream.concat(sent.stream(), Stream.of("URI=" + peer)).toList();
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + " (expected: an address)", e);
    }
  }
}
