package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.upstream.Upstream;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.server.ServerPipeline;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/** A reverse proxy that lets in whom the policies let in, in front of one service. */
final class InboundProxy implements AutoCloseable {
  private static final int HEADER_BYTES = 60 << 10; // Envoy's

  private final MeshClient mesh;
  private final Upstream upstream;
  private final @Nullable IdentitySource identity;
  private final HeadTimes heads;
  private final ProxyServer server;

  private InboundProxy(
      MeshClient mesh,
      Upstream upstream,
      @Nullable IdentitySource identity,
      HeadTimes heads,
      ProxyServer server) {
    this.mesh = mesh;
    this.upstream = upstream;
    this.identity = identity;
    this.heads = heads;
    this.server = server;
  }

  /**
   * Starts it. What it is given it closes, also where it does not start.
   *
   * @param port the workload's that the policies mean; 0 for the one that is listened on
   * @param identity {@code null} to take no TLS
   * @param streamIdle how long nothing of a request and its answer may move
   * @throws IOException if it cannot listen there
   */
  static InboundProxy start(
      MeshClient mesh,
      HostPort listen,
      int port,
      Upstream upstream,
      @Nullable IdentitySource identity,
      Duration streamIdle)
      throws IOException {
    TlsConnections.ignoreServerNames();
    HeadTimes heads = new HeadTimes(System::nanoTime);
    try {
      PortModes modes = new PortModes(mesh::accessPolicy, port);
      ServerPipeline.Builder pipeline = ServerPipeline.builder().inboundRules(mesh);
      if (port > 0) {
        pipeline.servicePort(port);
      }
      MutualTlsFactory tls = null;
      IdentityTls by = identity == null ? null : IdentityTls.of(identity);
      if (by != null) {
        pipeline.identity(by);
        tls = new MutualTlsFactory(by, mesh::trustDomains);
      }
      InboundHandler handler = new InboundHandler(pipeline.build(), upstream, by, heads);
      ProxyServer server =
          ProxyServer.start(
              listen,
              handler,
              new ServerErrors(),
              heads,
              InboundConnections.of(modes, configuration(streamIdle), heads, tls));
      return new InboundProxy(mesh, upstream, identity, heads, server);
    } catch (IOException | RuntimeException e) {
      heads.close();
      close(mesh, upstream, identity);
      throw e;
    }
  }

  /** A request that two could read in two ways is refused; its path is the policy's to judge. */
  private static HttpConfiguration configuration(Duration streamIdle) {
    HttpConfiguration http = ProxyServer.configuration();
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setIdleTimeout(streamIdle.toMillis());
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setHttpCompliance(
        HttpCompliance.STRICT.with("inbound", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
    return http;
  }

  /** Where it listens, with the real port. */
  HostPort address() {
    return server.address();
  }

  HeadTimes heads() {
    return heads;
  }

  MeshClient mesh() {
    return mesh;
  }

  /** Waits until it has stopped. */
  void join() throws InterruptedException {
    server.join();
  }

  /** Lets requests under way end, for a few seconds, and releases all. */
  @Override
  public void close() {
    server.close();
    heads.close();
    close(mesh, upstream, identity);
  }

  private static void close(MeshClient mesh, Upstream upstream, @Nullable IdentitySource identity) {
    upstream.close();
    mesh.close();
    if (identity != null) {
      identity.close();
    }
  }
}
