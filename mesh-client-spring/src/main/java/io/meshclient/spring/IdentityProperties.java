package io.meshclient.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mesh.client.identity.*}: who the workload is, and whom it trusts. One source at most.
 *
 * @param pemDirectory a directory with key.pem, cert-chain.pem and root-cert.pem, as Istio writes
 *     them
 * @param keyStore a PKCS#12 or JKS file
 * @param keyStorePassword its password
 * @param workloadApi the SPIFFE Workload API's endpoint, such as unix:/run/spire/agent.sock;
 *     "environment" for that of SPIFFE_ENDPOINT_SOCKET
 * @param sds the socket of an agent of Envoy's SDS, such as Istio's
 * @param await how long the start waits for the identity
 * @param mutualTls destinations that are called by mutual TLS where no DestinationRule has a word
 *     on their TLS
 * @param sslBundle under what name the identity is an SSL bundle, too
 */
public record IdentityProperties(
    @Nullable Path pemDirectory,
    @Nullable Path keyStore,
    @Nullable String keyStorePassword,
    @Nullable String workloadApi,
    @Nullable Path sds,
    @DefaultValue("10s") Duration await,
    @DefaultValue List<String> mutualTls,
    @DefaultValue("mesh") String sslBundle) {}
