package io.meshclient.bench;

import io.meshclient.access.InboundConnection;
import io.meshclient.access.InboundRequest;
import io.meshclient.identity.SpiffeId;
import java.net.InetAddress;
import java.util.List;

/** A payment that order-service asks for by mutual TLS, in somebody's role. */
record PaymentRequest(List<String> role, InboundConnection connection) implements InboundRequest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final InboundConnection BY_ORDER_SERVICE =
      new InboundConnection(
          true,
          SpiffeId.parse("spiffe://cluster.local/ns/production/sa/order-service"),
          null,
          HERE,
          HERE,
          8080);

  static final PaymentRequest OF_ORDERS = new PaymentRequest(List.of(), BY_ORDER_SERVICE);
  static final PaymentRequest OF_A_GUEST = new PaymentRequest(List.of("guest"), BY_ORDER_SERVICE);

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String target() {
    return "/api/payments/1";
  }

  @Override
  public String authority() {
    return "payment-service:8080";
  }

  @Override
  public List<String> headers(String name) {
    return name.equals("x-user-role") ? role : List.of();
  }
}
