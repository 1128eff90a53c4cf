package io.meshclient.cli.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.identity.BundleSet;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.JwtSvid;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadApi;
import io.meshclient.identity.WorkloadApiSource;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Context;
import io.meshclient.identity.X509Svid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The library's client against the local authority's server, over a real socket. */
@Timeout(90)
class WorkloadApiTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final TrustDomain TD = TrustDomain.parse("td");
  private static final TrustDomain PARTNER = TrustDomain.parse("partner");
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://td/web");
  private static final SpiffeId ORDER = SpiffeId.parse("spiffe://td/order");

  @TempDir Path directory;
  private Path socket;
  private LocalAuthority authority;
  private IssuedIdentities issued;
  private @Nullable GrpcServer server;

  @BeforeEach
  void issue() throws IOException {
    socket = directory.resolve("api.sock");
    LocalAuthority partner = LocalAuthority.of(PARTNER).build();
    authority = LocalAuthority.of(TD).federatesWith(partner.bundles().bundle(PARTNER)).build();
    issued = new IssuedIdentities(authority, List.of(WEB, ORDER));
  }

  private void serve() throws IOException {
    serve(new WorkloadApiService(issued).methods());
  }

  private void serve(Map<String, GrpcServer.Method> methods) throws IOException {
    server = GrpcServer.start(socket, methods);
  }

  @AfterEach
  void stop() {
    issued.close();
    if (server != null) {
      server.close();
    }
  }

  @Test
  void all_svids_come_with_hints_and_federated_bundles() throws Exception {
    serve();
    try (WorkloadApi api = api()) {
      X509Context context = api.fetchX509Context();

      assertThat(context.svids()).extracting(s -> s.svid().id()).containsExactly(WEB, ORDER);
      assertThat(context.svids()).extracting(s -> s.hint()).containsExactly("web", "order");
      assertThat(context.bundles().trustDomains()).containsExactly(PARTNER, TD);
      assertThat(
              X509Svid.verify(
                  context.svids().get(0).svid().chain(), context.bundles(), Clock.systemUTC()))
          .isEqualTo(WEB);
      assertThat(api.fetchX509Bundles()).isEqualTo(context.bundles());
    }
  }

  @Test
  void api_is_asked_over_tcp() throws Exception {
    serve();
    try (TcpRelay relay = TcpRelay.start(socket);
        WorkloadApi api = WorkloadApi.at("tcp://127.0.0.1:" + relay.port())) {
      assertThat(api.fetchX509Context().svids()).hasSize(2);
    }
  }

  @Test
  void token_is_fetched_and_checked_by_bundle_and_by_the_api() throws Exception {
    serve();
    try (WorkloadApi api = api()) {
      List<JwtSvid> svids = api.fetchJwtSvids(List.of("orders"), ORDER);
      String token = svids.get(0).token();
      BundleSet bundles = api.fetchJwtBundles();

      assertThat(svids).hasSize(1);
      assertThat(JwtSvid.verify(token, List.of("orders"), bundles, Clock.systemUTC()).id())
          .isEqualTo(ORDER);
      assertThat(api.validateJwtSvid("orders", token).id()).isEqualTo(ORDER);
      assertThatThrownBy(() -> api.validateJwtSvid("others", token))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("INVALID_ARGUMENT")
          .hasMessageContaining("TOKEN_AUDIENCE");
    }
  }

  static Stream<Arguments> choices() {
    return Stream.of(
        arguments("default", null, null, WEB),
        arguments("ID", ORDER, null, ORDER),
        arguments("hint", null, "order", ORDER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("choices")
  void svid_is_chosen(String name, @Nullable SpiffeId id, @Nullable String hint, SpiffeId expected)
      throws Exception {
    serve();
    WorkloadApiSource.Builder settings = settings();
    if (id != null) {
      settings.id(id);
    }
    if (hint != null) {
      settings.hint(hint);
    }
    try (WorkloadApiSource source = settings.start()) {
      assertThat(source.await(SOON).svid().id()).isEqualTo(expected);
    }
  }

  @Test
  void svid_that_is_not_offered_is_a_problem_that_names_those_that_are() throws Exception {
    serve();
    try (WorkloadApiSource source = settings().id(SpiffeId.parse("spiffe://td/x")).start()) {
      assertThatThrownBy(() -> source.await(Duration.ofSeconds(5)))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining(
              "no SVID of spiffe://td/x (offered: [spiffe://td/web, spiffe://td/order])");
    }
  }

  @Test
  void updates_stream_and_what_they_do_not_have_is_gone() throws Exception {
    serve();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (WorkloadApiSource source = settings().id(ORDER).start()) {
      source.await(SOON);
      source.onChange(identity -> heard.add(identity == null ? "none" : "some"));

      issued.replace(List.of(WEB));
      await(heard, "none");
      assertThat(source.identity()).isNull();

      issued.replace(List.of(WEB, ORDER));
      await(heard, "some");

      issued.replace(List.of());
      await(heard, "none");
      assertThat(source.problem()).hasMessageContaining("PERMISSION_DENIED");

      issued.replace(List.of(ORDER));
      await(heard, "some");
    }
  }

  @Test
  void identity_is_renewed_at_half_of_its_life() throws Exception {
    issued.close();
    issued =
        new IssuedIdentities(
            LocalAuthority.of(TD).ttl(Duration.ofSeconds(2)).build(), List.of(WEB));
    serve();
    try (WorkloadApiSource source = settings().start()) {
      BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
      WorkloadIdentity first = source.await(SOON);
      source.onChange(identity -> heard.add(identity));

      WorkloadIdentity renewed = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      while (renewed != null && renewed.svid().chain().equals(first.svid().chain())) {
        renewed = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(renewed).isNotNull();
    }
  }

  @Test
  void token_keys_and_certificates_join_in_one_bundle() throws Exception {
    serve();
    BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
    try (WorkloadApiSource source = settings().start()) {
      source.onChange(identity -> heard.add(identity));
      WorkloadIdentity known = source.await(SOON);
      while (known.bundles().bundle(TD).jwtAuthorities().isEmpty()) {
        known = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(known).isNotNull();
      }
      assertThat(known.bundles()).isEqualTo(authority.bundles());
    }
  }

  @Test
  void identity_outlives_a_server_that_goes_and_is_renewed_by_the_next() throws Exception {
    serve();
    BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
    try (WorkloadApiSource source = settings().id(WEB).start()) {
      source.await(SOON);
      source.onChange(identity -> heard.add(identity));

      server.close();
      issued.close();
      assertThat(source.identity()).isNotNull();

      LocalAuthority next = LocalAuthority.of(TD).build();
      issued = new IssuedIdentities(next, List.of(WEB));
      serve();
      WorkloadIdentity known = source.identity();
      while (!known.bundles().equals(next.bundles())) {
        known = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(known).isNotNull();
      }
      assertThat(X509Svid.verify(known.svid().chain(), next.bundles(), Clock.systemUTC()))
          .isEqualTo(WEB);
    }
  }

  @Test
  void call_without_the_security_header_is_refused() throws Exception {
    serve(
        Map.of(
            "/SpiffeWorkloadAPI/FetchX509SVID",
            call -> {
              throw new GrpcFault(
                  GrpcFault.INVALID_ARGUMENT, "header " + call.header("workload.spiffe.io"));
            }));
    try (WorkloadApi api = api()) {
      assertThatThrownBy(api::fetchX509Context)
          .hasMessageContaining("INVALID_ARGUMENT")
          .hasMessageContaining("header true");
    }
  }

  static Stream<Arguments> bytes() {
    return Stream.of(
        arguments("no message", new byte[] {}, "no answer"),
        arguments("half a prefix", new byte[] {0, 0}, "ends within a message"),
        arguments("half a message", new byte[] {0, 0, 0, 0, 9, 1, 2}, "ends within a message"),
        arguments("compressed", new byte[] {1, 0, 0, 0, 0}, "a compressed message"),
        arguments("4 GB", new byte[] {0, -1, -1, -1, -1}, "a message of 4294967295 bytes"),
        arguments("16 MB", new byte[] {0, 1, 0, 0, 0}, "a message of 16777216 bytes"),
        arguments("empty message", new byte[] {0, 0, 0, 0, 0}, "svids: missing"),
        arguments("field cut off", new byte[] {0, 0, 0, 0, 2, 10, 9}, "field 1: ends early"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bytes")
  void answer_that_is_none_is_refused(String name, byte[] octets, String expected)
      throws Exception {
    serve(
        Map.of("/SpiffeWorkloadAPI/FetchX509SVID", call -> call.writeRaw(ByteBuffer.wrap(octets))));
    try (WorkloadApi api = api()) {
      assertThatThrownBy(api::fetchX509Context)
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining(expected);
    }
  }

  @Test
  void api_without_the_method_says_so() throws Exception {
    serve(Map.of());
    try (WorkloadApi api = api()) {
      assertThatThrownBy(api::fetchX509Bundles).hasMessageContaining("UNIMPLEMENTED");
    }
  }

  @Test
  void status_comes_before_the_request_has_ended() throws Exception {
    serve(Map.of());
    CountDownLatch answered = new CountDownLatch(1);
    OkHttpClient client =
        new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
    try (TcpRelay relay = TcpRelay.start(socket)) {
      Request request =
          new Request.Builder()
              .url("http://127.0.0.1:" + relay.port() + "/none")
              .post(endsAfter(answered))
              .build();
      try (Response answer = client.newCall(request).execute()) {
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.body().bytes()).isEmpty();
        assertThat(answer.trailers().get("grpc-status")).isEqualTo("12");
      } finally {
        answered.countDown();
      }
    } finally {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    }
  }

  /** A request whose only message goes out when its answer is there. */
  private static RequestBody endsAfter(CountDownLatch answered) {
    return new RequestBody() {
      @Override
      public @Nullable MediaType contentType() {
        return MediaType.get("application/grpc");
      }

      @Override
      public boolean isDuplex() {
        return true;
      }

      @Override
      public void writeTo(BufferedSink sink) {
        Thread message =
            new Thread(
                () -> {
                  try (sink) {
                    answered.await();
                    sink.write(new byte[] {0, 0, 0, 0, 0});
                  } catch (IOException | InterruptedException e) {
                    // The stream was reset, or the test is over.
                  }
                });
        message.setDaemon(true);
        message.start();
      }
    };
  }

  @Test
  void socket_that_is_not_there_is_named() {
    try (WorkloadApi api = api()) {
      assertThatThrownBy(api::fetchX509Context)
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("unix://" + socket);
    }
  }

  private WorkloadApi api() {
    return WorkloadApi.at("unix://" + socket);
  }

  private WorkloadApiSource.Builder settings() {
    return WorkloadApiSource.at("unix://" + socket)
        .backoff(Duration.ofMillis(10), Duration.ofMillis(100));
  }

  private static void await(BlockingQueue<String> heard, String expected)
      throws InterruptedException {
    String next = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    while (next != null && !next.equals(expected)) {
      next = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(next).isEqualTo(expected);
  }
}
