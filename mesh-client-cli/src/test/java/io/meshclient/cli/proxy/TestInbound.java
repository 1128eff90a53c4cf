package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.access.AccessPolicy;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.upstream.Upstream;
import io.meshclient.identity.IdentitySource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An inbound proxy on an ephemeral port, for payment-service in namespace production. */
final class TestInbound implements AutoCloseable {
  private static final Duration STREAM_IDLE = Duration.ofMinutes(2);

  private final Path config;
  private final InboundProxy proxy;

  private TestInbound(Path config, InboundProxy proxy) {
    this.config = config;
    this.proxy = proxy;
  }

  static TestInbound before(RawServer server, String policies) throws IOException {
    return before(server.port(), policies, null);
  }

  /** Ends what does not move for two seconds. */
  static TestInbound impatient(RawServer server) throws IOException {
    return before(server.port(), "", null, Duration.ofSeconds(2));
  }

  static TestInbound before(int port, String policies, @Nullable IdentitySource identity)
      throws IOException {
    return before(port, policies, identity, STREAM_IDLE);
  }

  private static TestInbound before(
      int port, String policies, @Nullable IdentitySource identity, Duration streamIdle)
      throws IOException {
    Path config = Files.createTempDirectory("inbound").resolve("policies.yaml");
    Files.writeString(config, policies);
    MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .namespace("production")
            .labels(Map.of("app", "payment-service"))
            .config(config)
            .build();
    InboundProxy proxy =
        InboundProxy.start(
            mesh,
            new HostPort("127.0.0.1", 0),
            8080,
            Upstream.of(URI.create("http://127.0.0.1:" + port)),
            identity == null ? null : new MeshAuthorities(identity, mesh::trustDomains),
            streamIdle);
    return new TestInbound(config, proxy);
  }

  int port() {
    return proxy.address().port();
  }

  /** Other policies, which are in force when this returns. */
  void reload(String policies) throws IOException {
    AccessPolicy before = proxy.mesh().accessPolicy();
    Path newer = config.resolveSibling("newer");
    Files.writeString(newer, policies);
    Files.move(newer, config, StandardCopyOption.ATOMIC_MOVE);
    while (proxy.mesh().accessPolicy().equals(before)) {
      Thread.onSpinWait();
    }
  }

  /** Looks for slow clients as if it were that time. */
  void sweepAsOf(long nanos) {
    proxy.heads().sweep(nanos);
  }

  static String peerMode(String mode) {
    return """
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: production}
    spec: {mtls: {mode: %s}}
    """
        .formatted(mode);
  }

  /** Only these paths are let in. */
  static String allow(String paths) {
    return """
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: allow, namespace: production}
    spec:
      rules:
      - to: [{operation: {paths: [%s]}}]
    """
        .formatted(paths);
  }

  /** These paths are kept out, all others are let in. */
  static String deny(String paths) {
    return """
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: deny, namespace: production}
    spec:
      action: DENY
      rules:
      - to: [{operation: {paths: [%s]}}]
    """
        .formatted(paths);
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    Files.deleteIfExists(config);
    Files.deleteIfExists(config.toAbsolutePath().getParent());
  }
}
