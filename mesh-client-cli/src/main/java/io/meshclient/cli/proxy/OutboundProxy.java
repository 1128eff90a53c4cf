package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.cli.options.HostPort;
import java.io.IOException;
import java.net.Proxy;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/** A forward proxy whose every request goes through a {@link MeshClient}. */
final class OutboundProxy implements AutoCloseable {
  private static final int IDLE_CONNECTIONS = 512;

  /** Shorter than the servers' own, so that a request seldom meets a connection that is closing. */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private final MeshClient mesh;
  private final OkHttpClient http;
  private final ProxyServer server;

  private OutboundProxy(MeshClient mesh, OkHttpClient http, ProxyServer server) {
    this.mesh = mesh;
    this.http = http;
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param mesh closed with the proxy, and where it does not start
   * @throws IOException if it cannot listen there
   */
  static OutboundProxy start(MeshClient mesh, HostPort listen) throws IOException {
    OkHttpClient http = client(mesh);
    try {
      ProxyServer server = ProxyServer.start(listen, new OutboundHandler(http));
      return new OutboundProxy(mesh, http, server);
    } catch (IOException | RuntimeException e) {
      mesh.close();
      throw e;
    }
  }

  /** The policy's times rule: there are no others, but for connecting. */
  private static OkHttpClient client(MeshClient mesh) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(10, TimeUnit.SECONDS)
            .readTimeout(0, TimeUnit.SECONDS)
            .writeTimeout(0, TimeUnit.SECONDS)
            .connectionPool(
                new ConnectionPool(IDLE_CONNECTIONS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS));
    return mesh.instrument(builder)
        .addInterceptor(HeadersAsGiven::remember)
        .addNetworkInterceptor(HeadersAsGiven::restore)
        .build();
  }

  /** Where it listens, with the real port. */
  HostPort address() {
    return server.address();
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
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
    mesh.close();
  }
}
