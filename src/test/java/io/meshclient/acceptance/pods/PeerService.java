package io.meshclient.acceptance.pods;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.identity.SpiffeId;
import io.meshclient.server.MeshHttpFilter;
import io.meshclient.server.MeshPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A service that tells callers who they are, in the words of the sidecar in front of it. */
final class PeerService {

  private PeerService() {}

  /**
   * Listens.
   *
   * @param args its port, and its own ID
   */
  public static void main(String[] args) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
    HttpContext context =
        server.createContext(
            "/",
            exchange -> {
              MeshPeer peer = MeshPeer.current();
              String said = peer == null ? "nobody" : peer.id().toString();
              byte[] body = said.getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
              exchange.close();
            });
    context.getFilters().add(MeshHttpFilter.builder().sidecar(SpiffeId.parse(args[1])).build());
    server.start();
  }
}
