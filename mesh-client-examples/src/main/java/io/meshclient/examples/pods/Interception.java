package io.meshclient.examples.pods;

/**
 * What leads a pod's connections through its sidecar: the rules that Istio's {@code istio-iptables}
 * writes by default, for {@code iptables-restore}.
 *
 * <p>Inbound connections go to 15006 but for the sidecar's own ports, outbound ones to 15001 but
 * for what the sidecar's user sends and for the loopback address. What the sidecar sends to an
 * address of its own pod is inbound again; from 127.0.0.6 it is on its way to the application.
 */
final class Interception {
  /** Istio's user and group of sidecars. */
  static final int SIDECAR_USER = 1337;

  static final int OUTBOUND_PORT = 15001;
  static final int INBOUND_PORT = 15006;

  static final String RULES =
      """
      *nat
      :ISTIO_INBOUND - [0:0]
      :ISTIO_REDIRECT - [0:0]
      :ISTIO_IN_REDIRECT - [0:0]
      :ISTIO_OUTPUT - [0:0]
      -A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN
      -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
      -A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
      -A PREROUTING -p tcp -j ISTIO_INBOUND
      -A ISTIO_INBOUND -p tcp --dport 15090 -j RETURN
      -A ISTIO_INBOUND -p tcp --dport 15021 -j RETURN
      -A ISTIO_INBOUND -p tcp --dport 15020 -j RETURN
      -A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
      -A OUTPUT -j ISTIO_OUTPUT
      -A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
      -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 \
      -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT
      -A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN
      -A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
      -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 \
      -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT
      -A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN
      -A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN
      -A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
      -A ISTIO_OUTPUT -j ISTIO_REDIRECT
      COMMIT
      """;

  private Interception() {}
}
