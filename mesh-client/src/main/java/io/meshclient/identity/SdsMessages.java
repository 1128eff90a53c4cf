package io.meshclient.identity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and answers of Envoy's discovery services, version 3, as far as secrets need them. */
final class SdsMessages {
  static final String SECRET_TYPE =
      "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

  /** The agent wants to know of a node, and serves any. */
  private static final String NODE = "mesh-client";

  /** The gRPC status code of a refusal: {@code UNKNOWN}. */
  private static final int REFUSED = 2;

  private SdsMessages() {}

  /**
   * {@code DiscoveryResponse}.
   *
   * @param version repeated in the next request if the answer is taken
   * @param nonce repeated in the next request
   * @param secrets each in its encoding; resources of other types are left out
   */
  record Answer(String version, String nonce, List<byte[]> secrets) {}

  /** {@code DiscoveryRequest}: asks for a secret, and says what became of the answer before. */
  static byte[] request(String name, String version, String nonce, @Nullable String fault) {
    ProtoWriter request =
        new ProtoWriter()
            .text(1, version)
            .message(2, new ProtoWriter().text(1, NODE))
            .text(3, name)
            .text(4, SECRET_TYPE)
            .text(5, nonce);
    if (fault != null) {
      request.message(6, new ProtoWriter().number(1, REFUSED).text(2, fault));
    }
    return request.toBytes();
  }

  static Answer answer(byte[] message) throws IdentityException {
    String version = "";
    String nonce = "";
    List<byte[]> secrets = new ArrayList<>();
    ProtoReader in = new ProtoReader(message);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> version = in.text();
        case 2 -> addSecret(in.message(), secrets);
        case 5 -> nonce = in.text();
        default -> {}
      }
    }
    return new Answer(version, nonce, secrets);
  }

  /** {@code google.protobuf.Any}. */
  private static void addSecret(ProtoReader any, List<byte[]> secrets) throws IdentityException {
    String type = "";
    byte[] value = {};
    for (int field = any.next(); field != 0; field = any.next()) {
      switch (field) {
        case 1 -> type = any.text();
        case 2 -> value = any.bytes();
        default -> {}
      }
    }
    if (type.equals(SECRET_TYPE)) {
      secrets.add(value);
    }
  }
}
