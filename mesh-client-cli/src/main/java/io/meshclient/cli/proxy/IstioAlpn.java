package io.meshclient.cli.proxy;

import java.util.List;
import java.util.Set;

/** The protocols that clients name in a handshake (ALPN), as Istio reads them. */
final class IstioAlpn {
  static final String HTTP_2 = "h2";
  static final String HTTP_1 = "http/1.1";

  /** By one of these a client shows that it speaks mutual TLS by the mesh's identities. */
  private static final Set<String> OWN =
      Set.of("istio-peer-exchange", "istio", "istio-http/1.0", "istio-http/1.1", "istio-h2");

  private IstioAlpn() {}

  static boolean isOfMesh(List<String> offered) {
    return offered.stream().anyMatch(OWN::contains);
  }

  /** What the server answers: the best that both speak; empty for nothing, which is no failure. */
  static String choose(List<String> offered) {
    return offered.contains(HTTP_2) ? HTTP_2 : offered.contains(HTTP_1) ? HTTP_1 : "";
  }
}
