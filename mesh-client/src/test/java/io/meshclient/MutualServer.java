package io.meshclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.server.MeshHttpFilter;
import io.meshclient.server.MeshPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's server with mutual TLS on loopback; it answers who called. */
final class MutualServer implements AutoCloseable {
  final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  MutualServer(IdentitySource identity, boolean required) throws IOException {
    IdentityTls tls = IdentityTls.of(identity);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.serverContext(ExpectedPeer.any(), required)));
    server
        .createContext("/", this::answer)
        .getFilters()
        .add(MeshHttpFilter.builder().identity(tls).build());
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    clientPorts.add(exchange.getRemoteAddress().getPort());
    exchange.getRequestBody().readAllBytes();
    MeshPeer peer = MeshPeer.current();
    byte[] body =
        (peer == null ? "unknown" : peer.id().toString()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String hostPort() {
    return "127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
