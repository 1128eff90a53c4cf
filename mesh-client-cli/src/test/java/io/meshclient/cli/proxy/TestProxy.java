package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.cli.options.HostPort;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** A proxy on an ephemeral port, for a workload in namespace production. */
final class TestProxy implements AutoCloseable {
  private static final HostPort ANYWHERE = new HostPort("127.0.0.1", 0);

  private final OutboundProxy proxy;

  TestProxy(Consumer<MeshClientBuilder> settings) throws IOException {
    MeshClientBuilder builder = MeshClient.builder().environment(Map.of()).namespace("production");
    settings.accept(builder);
    proxy = OutboundProxy.start(builder.build(), ANYWHERE);
  }

  /** In front of one server, order-service, with the guide's rules. */
  static TestProxy before(RawServer server) throws IOException {
    return new TestProxy(
        mesh ->
            guide(mesh)
                .endpoint("order-service", "v1", "127.0.0.1:" + server.port())
                .draws(() -> 0));
  }

  /** In front of one server, order-service, without rules: nothing has a time or a limit. */
  static TestProxy patient(RawServer server) throws IOException {
    return new TestProxy(mesh -> mesh.endpoint("order-service", "127.0.0.1:" + server.port()));
  }

  static MeshClientBuilder guide(MeshClientBuilder mesh) {
    return mesh.config(ConfigSource.classpath("istio/02-order-traffic.yaml"));
  }

  int port() {
    return proxy.address().port();
  }

  /** One exchange with {@code http://order-service:8080} on a connection of its own. */
  RawClient.Answer get(String path, String... headers) throws IOException {
    return RawClient.exchange(port(), request("GET", path, headers));
  }

  static String request(String method, String path, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return method
        + " http://order-service:8080"
        + path
        + " HTTP/1.1\r\nHost: order-service:8080\r\n"
        + more
        + "\r\n";
  }

  @Override
  public void close() {
    proxy.close();
  }
}
