package io.meshclient.cli.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SdsSource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library's client against a server that does what Istio's agent does. */
@Timeout(90)
class SdsSourceTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String METHOD =
      "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets";
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://cluster.local/ns/a/sa/web");

  /** What is pushed on the stream of each secret, in encodings of DiscoveryResponse. */
  private final Map<String, BlockingQueue<byte[]>> pushes = new ConcurrentHashMap<>();

  /** Requests as they came: secret, version, nonce, fault. */
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  @TempDir Path directory;
  private LocalAuthority authority;
  private @Nullable GrpcServer server;

  @BeforeEach
  void serve() throws IOException {
    authority = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    server = GrpcServer.start(directory.resolve("socket"), Map.of(METHOD, this::answer));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(GrpcExchange call) throws IOException, GrpcFault, InterruptedException {
    for (byte[] read = call.read(); read != null; read = call.read()) {
      TextFields request = TextFields.read(read);
      String name = request.last(3);
      String fault = request.last(6);
      requests.add(
          name
              + " '"
              + request.last(1)
              + "' '"
              + request.last(5)
              + "' "
              + (fault.isEmpty() ? "ok" : "refused"));
      assertThat(request.last(2)).as("the node, without which the agent refuses").isNotEmpty();
      assertThat(request.last(4)).isEqualTo(TYPE);
      byte[] push = queue(name).poll(60, TimeUnit.SECONDS);
      if (push == null) {
        return;
      }
      call.write(push);
    }
  }

  private BlockingQueue<byte[]> queue(String name) {
    return pushes.computeIfAbsent(name, n -> new LinkedBlockingQueue<>());
  }

  @Test
  void secrets_make_an_identity_and_are_acknowledged() throws Exception {
    WorkloadIdentity first = issued();
    WorkloadIdentity second = issued();
    push(first, "v1", "n1");
    try (SdsSource source = start()) {
      assertThat(source.await(SOON).svid().chain()).isEqualTo(first.svid().chain());
      assertThat(source.identity().bundles().trustDomains())
          .containsExactly(authority.trustDomain());
      BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
      source.onChange(identity -> heard.add(identity));

      queue("default").add(own(second, "v2", "n2"));

      assertThat(heard.poll(30, TimeUnit.SECONDS).svid().chain()).isEqualTo(second.svid().chain());
      awaitRequest("default 'v2' 'n2' ok");
    }
    assertThat(requests).noneMatch(request -> request.endsWith("refused"));
  }

  @Test
  void secret_that_is_no_good_is_refused_and_changes_nothing() throws Exception {
    WorkloadIdentity first = issued();
    WorkloadIdentity second = issued();
    push(first, "v1", "n1");
    try (SdsSource source = start()) {
      source.await(SOON);
      awaitRequest("default 'v1' 'n1' ok");

      queue("default")
          .add(
              response(
                  "default",
                  certificate(pem(first, "cert-chain.pem"), pem(second, "key.pem")),
                  "v2",
                  "n2"));

      awaitRequest("default 'v1' 'n2' refused");
      assertThat(source.identity().svid().chain()).isEqualTo(first.svid().chain());
      awaitProblem(source); // the server hears of it first
      assertThat(source.problem()).hasMessageContaining("not the key of");
    }
  }

  @Test
  void identity_outlives_an_agent_that_goes_and_is_renewed_by_the_next() throws Exception {
    WorkloadIdentity second = issued();
    push(issued(), "v1", "n1");
    try (SdsSource source = start()) {
      source.await(SOON);
      BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
      source.onChange(identity -> heard.add(identity));
      server.close();
      assertThat(source.identity()).isNotNull();

      pushes.clear();
      push(second, "v9", "n9");
      serveAgain();

      assertThat(heard.poll(30, TimeUnit.SECONDS).svid().chain()).isEqualTo(second.svid().chain());
    }
  }

  private void serveAgain() throws IOException {
    server = GrpcServer.start(directory.resolve("socket"), Map.of(METHOD, this::answer));
  }

  private SdsSource start() {
    return SdsSource.start(
        directory.resolve("socket"), Duration.ofMillis(10), Duration.ofMillis(100));
  }

  private static void awaitProblem(SdsSource source) {
    long end = System.nanoTime() + SOON.toNanos();
    while (source.problem() == null && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  private void awaitRequest(String expected) throws InterruptedException {
    String next = requests.poll(30, TimeUnit.SECONDS);
    while (next != null && !next.equals(expected)) {
      next = requests.poll(30, TimeUnit.SECONDS);
    }
    assertThat(next).isEqualTo(expected);
  }

  private WorkloadIdentity issued() {
    return new WorkloadIdentity(authority.issue(WEB), authority.bundles());
  }

  private void push(WorkloadIdentity identity, String version, String nonce) throws IOException {
    queue("default").add(own(identity, version, nonce));
    Message trusted = new Message().message(1, inline(pem(identity, "root-cert.pem")));
    queue("ROOTCA")
        .add(
            response(
                "ROOTCA", new Message().text(1, "ROOTCA").message(4, trusted), version, nonce));
  }

  private byte[] own(WorkloadIdentity identity, String version, String nonce) throws IOException {
    Message secret = certificate(pem(identity, "cert-chain.pem"), pem(identity, "key.pem"));
    return response("default", secret, version, nonce);
  }

  private static Message certificate(String chain, String key) {
    Message certificate = new Message().message(1, inline(chain)).message(2, inline(key));
    return new Message().text(1, "default").message(2, certificate);
  }

  private static Message inline(String pem) {
    return new Message().bytes(2, pem.getBytes(UTF_8));
  }

  private static byte[] response(String name, Message secret, String version, String nonce) {
    Message any = new Message().text(1, TYPE).message(2, secret);
    return new Message().text(1, version).message(2, any).text(4, TYPE).text(5, nonce).toBytes();
  }

  private String pem(WorkloadIdentity identity, String file) throws IOException {
    Path written = directory.resolve("pem");
    PemDirectorySource.write(written, identity);
    return Files.readString(written.resolve(file));
  }
}
