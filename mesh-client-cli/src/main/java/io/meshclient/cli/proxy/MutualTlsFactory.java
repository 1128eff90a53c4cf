package io.meshclient.cli.proxy;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SpiffeIdPattern;
import io.meshclient.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Engines for connections: each is of the identity, and expects the trust domains, that are the
 * mesh's when the connection begins.
 */
final class MutualTlsFactory extends SslContextFactory.Server {
  private final IdentityTls identity;
  private final Supplier<List<TrustDomain>> domains;

  MutualTlsFactory(IdentityTls identity, Supplier<List<TrustDomain>> domains) {
    this.identity = identity;
    this.domains = domains;
    setNeedClientAuth(true);
    setRenegotiationAllowed(false);
    setSslContext(identity.serverContext(ExpectedPeer.of(), true));
  }

  @Override
  public SSLEngine newSSLEngine() {
    SSLEngine engine = identity.serverContext(expected(), true).createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  @Override
  public SSLEngine newSSLEngine(InetSocketAddress address) {
    return newSSLEngine();
  }

  @Override
  public SSLEngine newSSLEngine(String host, int port) {
    return newSSLEngine();
  }

  /** Where the configuration names no trust domain it is the workload's own. */
  private ExpectedPeer expected() {
    List<TrustDomain> named = domains.get();
    Stream<TrustDomain> all = named.stream();
    if (named.isEmpty()) {
      try {
        all = Stream.of(identity.identity().svid().id().trustDomain());
      } catch (IdentityException e) {
        return ExpectedPeer.of(); // there is nothing to shake hands with either
      }
    }
    return ExpectedPeer.of(all.map(SpiffeIdPattern::memberOf).toList());
  }
}
