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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who a service is where there is no sidecar to be it: {@code SPIFFE_ENDPOINT_SOCKET} says who
 * tells. Then the services are called by mutual TLS.
 */
final class Identity implements AutoCloseable {
  private static final List<String> CALLED = List.of("order-service", "payment-service");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final IdentitySource source;
  private final String prefix;
  private final @Nullable ExpectedPeer callers;

  private Identity(IdentitySource source, String prefix, @Nullable ExpectedPeer callers) {
    this.source = source;
    this.prefix = prefix;
    this.callers = callers;
  }

  /**
   * Starts asking for it.
   *
   * @param callers services by which this one may be called, separated by commas: then it takes
   *     nothing but mutual TLS. Empty for plain requests of anybody
   */
  static Identity start(String endpoint, String namespace, String service, String callers) {
    String prefix = "spiffe://cluster.local/ns/" + namespace + "/sa/";
    return new Identity(
        WorkloadApiSource.at(endpoint).id(SpiffeId.parse(prefix + service)).start(),
        prefix,
        callers.isEmpty() ? null : peers(prefix, callers.split(",", -1)));
  }

  private static ExpectedPeer peers(String prefix, String... services) {
    return ExpectedPeer.of(
        Stream.of(services).map(name -> SpiffeIdPattern.parse(prefix + name.strip())).toList());
  }

  /** Has the client call the services as this one, and nobody else in their place. */
  void callBy(MeshClientBuilder builder) {
    builder.identity(source).mutualTls(CALLED.toArray(String[]::new));
    CALLED.forEach(service -> builder.peer(service, peers(prefix, service)));
  }

  /** By whom this service may be called; {@code null} for anybody, by plain requests. */
  @Nullable ExpectedPeer callers() {
    return callers;
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
