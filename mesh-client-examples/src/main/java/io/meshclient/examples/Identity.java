package io.meshclient.examples;

import io.meshclient.MeshClientBuilder;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SpiffeIdPattern;
import io.meshclient.identity.WorkloadApiSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Who a service is where there is no sidecar to be it: {@code SPIFFE_ENDPOINT_SOCKET} says who
 * tells. Then the services are called by mutual TLS.
 */
final class Identity implements AutoCloseable {
  private static final List<String> CALLED = List.of("order-service", "payment-service");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final IdentitySource source;
  private final String prefix;

  private Identity(IdentitySource source, String prefix) {
    this.source = source;
    this.prefix = prefix;
  }

  /** Starts asking for it. */
  static Identity start(String endpoint, String namespace, String service) {
    String prefix = "spiffe://cluster.local/ns/" + namespace + "/sa/";
    return new Identity(
        WorkloadApiSource.at(endpoint).id(SpiffeId.parse(prefix + service)).start(), prefix);
  }

  /** Has the client call the services as this one, and nobody else in their place. */
  void callBy(MeshClientBuilder builder) {
    builder.identity(source).mutualTls(CALLED.toArray(String[]::new));
    for (String service : CALLED) {
      builder.peer(service, ExpectedPeer.of(SpiffeIdPattern.parse(prefix + service)));
    }
  }

  /**
   * The service's TLS, once there is an identity.
   *
   * @throws IOException if there is none within seconds
   */
  IdentityTls tls() throws IOException {
    try {
      source.await(PATIENCE);
      return IdentityTls.of(source);
    } catch (IdentityException e) {
      throw new IOException("no identity: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for an identity", e);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
