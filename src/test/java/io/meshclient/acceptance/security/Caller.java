package io.meshclient.acceptance.security;

import java.util.List;

/**
 * How a client connects.
 *
 * @param identity the SPIFFE ID of its certificate, null for none
 * @param tls whether the connection is TLS; always, where there is an identity
 * @param untrusted whether its certificate is by an authority that nobody trusts
 * @param sni the name of the server in the handshake
 * @param alpn the protocols it offers in the handshake
 * @param sourceAddress the address that it connects from
 * @param port the workload's port
 */
record Caller(
    String identity,
    boolean tls,
    boolean untrusted,
    String sni,
    List<String> alpn,
    String sourceAddress,
    int port) {}
