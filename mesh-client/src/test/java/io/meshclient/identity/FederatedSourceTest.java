package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.RefusingPort;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the answers of a bundle endpoint, by Web PKI. */
@Timeout(60)
class FederatedSourceTest {
  private static final TrustDomain TD = TrustDomain.parse("td");
  private static final TrustDomain PARTNER = TrustDomain.parse("partner");
  private static final HeldCertificate WEB_ROOT =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private static final EndpointProfile WEB = EndpointProfile.web(List.of(WEB_ROOT.certificate()));

  private final TestAuthority home = new TestAuthority("td");
  private final TestAuthority partner = new TestAuthority("partner");
  private final Settable own = new Settable();
  private BundleServer server;

  /** A source whose identity a test sets, and which tells of it. */
  private static final class Settable extends UpdatedSource {
    private boolean closed;

    Settable() {
      super("own");
    }

    @Override
    public void close() {
      closed = true;
      super.close();
    }
  }

  @BeforeEach
  void startServer() throws IOException {
    server = webServer("localhost");
    own.publish(home.identity("spiffe://td/web", Duration.ofMinutes(5)));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static BundleServer webServer(String host) throws IOException {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName(host).signedBy(WEB_ROOT).build();
    return new BundleServer(
        new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext());
  }

  private FederatedSource federated(EndpointProfile profile) {
    return builder(profile).still();
  }

  private FederatedSource.Builder builder(EndpointProfile profile) {
    return FederatedSource.of(own).federate(PARTNER, server.uri("/bundle"), profile);
  }

  private static Duration fetch(FederatedSource source) throws InterruptedException {
    return Duration.ofNanos(source.refreshes().get(0).refresh());
  }

  private static @Nullable TrustBundle bundle(FederatedSource source, TrustDomain trustDomain) {
    return source.identity().bundles().bundle(trustDomain);
  }

  private static TrustBundle numbered(
      TestAuthority authority, @Nullable Long sequence, @Nullable Duration hint) {
    List<X509Certificate> certificates = authority.bundle().x509Authorities();
    return new TrustBundle(
        authority.bundle().trustDomain(), certificates, Map.of(), sequence, hint);
  }

  @Test
  void fetched_bundle_stands_beside_own() throws Exception {
    server.answer(partner.bundle());
    try (FederatedSource source = federated(WEB)) {
      assertThat(source.identity().bundles().trustDomains()).containsExactly(TD);

      fetch(source);

      assertThat(source.problem()).isNull();
      assertThat(source.identity().svid()).isSameAs(own.identity().svid());
      assertThat(source.identity().bundles())
          .isEqualTo(BundleSet.of(home.bundle(), partner.bundle()));
    }
  }

  @Test
  void endpoint_of_another_host_name_is_refused() throws Exception {
    server.close();
    server = webServer("other.test");
    server.answer(partner.bundle());
    try (FederatedSource source = federated(WEB)) {
      fetch(source);

      assertThat(bundle(source, PARTNER)).isNull();
      assertThat(source.problem()).hasMessageContaining("No subject alternative DNS name matching");
    }
  }

  @Test
  void endpoint_of_an_authority_that_the_platform_does_not_trust_is_refused() throws Exception {
    server.answer(partner.bundle());
    try (FederatedSource source = federated(EndpointProfile.web())) {
      fetch(source);

      assertThat(bundle(source, PARTNER)).isNull();
      assertThat(source.problem())
          .hasMessageStartingWith("bundle of partner from " + server.uri("/bundle"))
          .hasMessageContaining("https_web");
    }
  }

  static Stream<Arguments> badAnswers() {
    String foreign = new TestAuthority("partner").bundle().toJwks();
    return Stream.of(
        arguments("page", 200, text("<html>"), "bundle of partner: "),
        arguments("nothing", 200, new byte[0], "bundle of partner: "),
        arguments("half", 200, text(foreign.substring(0, 300)), "bundle of partner: "),
        arguments("object without keys", 200, text("{}"), "no JWK Set"),
        arguments(
            "JWK Set of another kind",
            200,
            text("{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"1\"}]}"),
            "without a key for SVIDs"),
        arguments("not UTF-8", 200, new byte[] {'{', (byte) 0xff, '}'}, "not UTF-8"),
        arguments("too long", 200, new byte[BundleClient.MAX_BYTES + 1], "too long"),
        arguments(
            "older one",
            200,
            text(foreign.replace("]}]}", "]}],\"spiffe_sequence\":4}")),
            "sequence 4 (expected: at least 5)"),
        arguments("error with a bundle", 500, text(foreign), "status 500 (expected: 200)"),
        arguments("no content", 204, new byte[0], "status 204 (expected: 200)"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void good_bundle_stays_after_a_bad_answer(String name, int status, byte[] body, String expected)
      throws Exception {
    server.answer(numbered(partner, 5L, null));
    try (FederatedSource source = federated(WEB)) {
      fetch(source);
      WorkloadIdentity good = source.identity();

      server.answer(status, body);
      fetch(source);

      assertThat(source.identity()).isSameAs(good);
      assertThat(source.problem()).hasMessageContaining(expected);
    }
  }

  @Test
  void bundle_of_another_trust_domain_is_kept_out() throws Exception {
    LocalAuthority other = LocalAuthority.of(TrustDomain.parse("other")).build();
    server.answer(other.bundles().bundle(other.trustDomain()));
    try (FederatedSource source = federated(WEB)) {
      fetch(source);

      assertThat(bundle(source, PARTNER)).isNull();
      assertThat(source.problem())
          .hasMessageContaining(
              "an authority of \"spiffe://other\" (expected: of spiffe://partner)");
    }
  }

  @Test
  void endpoint_that_is_not_there_is_named() throws Exception {
    try (RefusingPort port = new RefusingPort()) {
      URI gone = URI.create("https://" + port.hostPort() + "/bundle");
      try (FederatedSource source = FederatedSource.of(own).federate(PARTNER, gone, WEB).still()) {
        fetch(source);

        assertThat(source.problem())
            .hasMessageStartingWith(
                "bundle of partner from " + gone + " (https_web): no connection: ");
      }
    }
  }

  @Test
  void problem_ends_with_the_next_good_answer() throws Exception {
    try (FederatedSource source = federated(WEB)) {
      fetch(source);
      assertThat(source.problem()).hasMessageContaining("status 404");

      server.answer(partner.bundle());
      fetch(source);

      assertThat(source.problem()).isNull();
    }
  }

  @Test
  void bundle_without_any_key_revokes_all() throws Exception {
    server.answer(partner.bundle());
    try (FederatedSource source = federated(WEB)) {
      fetch(source);

      server.answer(200, text("{\"keys\":[]}"));
      fetch(source);

      assertThat(bundle(source, PARTNER).x509Authorities()).isEmpty();
    }
  }

  @Test
  void new_number_alone_changes_no_identity() throws Exception {
    server.answer(numbered(partner, 5L, null));
    try (FederatedSource source = federated(WEB)) {
      fetch(source);
      WorkloadIdentity before = source.identity();

      server.answer(numbered(partner, 6L, Duration.ofMinutes(10)));
      assertThat(fetch(source)).isEqualTo(Duration.ofMinutes(10));
      assertThat(source.identity()).isSameAs(before);

      server.answer(numbered(new TestAuthority("partner"), 5L, null));
      fetch(source);
      assertThat(source.problem()).hasMessageContaining("sequence 5 (expected: at least 6)");
    }
  }

  @ParameterizedTest(name = "hint of {0} s")
  @CsvSource({", 300", "0, 60", "59, 60", "600, 600", "9223372036854775807, 86400"})
  void bundle_is_fetched_again_as_it_says_within_bounds(@Nullable Long hint, long seconds)
      throws Exception {
    server.answer(numbered(partner, null, hint == null ? null : Duration.ofSeconds(hint)));
    try (FederatedSource source = federated(WEB)) {
      assertThat(fetch(source)).isEqualTo(Duration.ofSeconds(seconds));
    }
  }

  @Test
  void waits_grow_with_failures_and_end_with_them() throws Exception {
    try (FederatedSource source =
        builder(WEB).backoff(Duration.ofSeconds(4), Duration.ofSeconds(10)).still()) {
      assertThat(fetch(source)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
      assertThat(fetch(source)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
      assertThat(fetch(source)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));

      server.answer(partner.bundle());
      assertThat(fetch(source)).isEqualTo(Duration.ofMinutes(5));
      server.answer(503, new byte[0]);
      assertThat(fetch(source)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }
  }

  static Stream<Arguments> redirects() {
    return Stream.of(
        arguments("relative", "/there", null),
        arguments("plain text", "http://localhost/there", "scheme \"http\" (expected: https)"),
        arguments("user", "https://u:p@localhost/there", "user information (expected: none)"),
        arguments("no URI", "https://[", "redirected to no URI"),
        arguments("round and round", "/bundle", "redirected too often (expected: at most 5)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("redirects")
  void redirect_is_followed_to_a_bundle_endpoint(
      String name, String location, @Nullable String problem) throws Exception {
    server.answer(
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/there")) {
            BundleServer.send(exchange, 200, text(partner.bundle().toJwks()));
          } else {
            exchange.getResponseHeaders().set("location", location);
            exchange.sendResponseHeaders(307, -1);
          }
        });
    try (FederatedSource source = federated(WEB)) {
      fetch(source);

      if (problem == null) {
        assertThat(bundle(source, PARTNER)).isEqualTo(partner.bundle());
      } else {
        assertThat(source.problem()).hasMessageContaining(problem);
      }
    }
  }

  @Test
  void answer_that_does_not_end_fails_in_time() throws Exception {
    server.answerWithoutEnd(new CountDownLatch(1));
    try (FederatedSource source = builder(WEB).timeout(Duration.ofMillis(500)).still()) {
      fetch(source);

      assertThat(source.problem()).hasMessageEndingWith("no answer within 500 ms");
    }
  }

  @Test
  void bundle_of_own_trust_domain_is_never_replaced() throws Exception {
    server.answer(new TestAuthority("td").bundle());
    try (FederatedSource source =
        FederatedSource.of(own).federate(TD, server.uri("/bundle"), WEB).still()) {
      fetch(source);

      assertThat(source.problem()).isNull();
      assertThat(bundle(source, TD)).isEqualTo(home.bundle());
    }
  }

  @Test
  void own_identity_is_followed() throws Exception {
    server.answer(partner.bundle());
    try (FederatedSource source = federated(WEB)) {
      fetch(source);

      own.publish(home.identity("spiffe://td/web", Duration.ofMinutes(9)));
      assertThat(source.identity().svid()).isSameAs(own.identity().svid());
      assertThat(bundle(source, PARTNER)).isEqualTo(partner.bundle());

      own.withdraw(new IdentityException("gone"));
      assertThat(source.identity()).isNull();
      assertThat(source.problem()).hasMessage("gone");
    }
    assertThat(own.closed).isTrue();
  }

  @Test
  void started_source_fetches_again_and_again_and_tells() throws Exception {
    server.answer(partner.bundle());
    try (FederatedSource source =
        builder(WEB).refresh(Duration.ofMillis(1), Duration.ofMillis(5)).start()) {
      BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
      source.onChange(heard::add);

      TestAuthority renewed = new TestAuthority("partner");
      server.answer(renewed.bundle());

      WorkloadIdentity last = heard.poll(30, TimeUnit.SECONDS);
      while (!last.bundles().bundle(PARTNER).equals(renewed.bundle())) {
        last = heard.poll(30, TimeUnit.SECONDS);
      }
      assertThat(last.bundles().bundle(TD)).isEqualTo(home.bundle());
    }
  }

  @Test
  void close_breaks_a_fetch_off() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    server.answerWithoutEnd(begun);
    FederatedSource source =
        FederatedSource.of(own)
            .federate(TrustDomain.parse("slow"), server.uri("/"), WEB)
            .timeout(Duration.ofHours(1))
            .start();
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    Thread thread =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().equals("mesh-identity-federation-slow"))
            .findFirst()
            .orElseThrow();

    source.close();

    thread.join(30_000);
    assertThat(thread.isAlive()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://partner.test/bundle, 'scheme \"http\" (expected: https)'",
    "partner.test, 'scheme \"null\" (expected: https)'",
    "https:/bundle, 'no host in \"https:/bundle\" (expected: one)'",
    "https://user:secret@partner.test/, user information (expected: none)"
  })
  void address_that_is_no_bundle_endpoint_is_refused(String uri, String problem) {
    FederatedSource.Builder builder = FederatedSource.of(own);

    assertThatThrownBy(() -> builder.federate(PARTNER, URI.create(uri), WEB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("uri: " + problem);
  }

  @Test
  void second_endpoint_of_a_trust_domain_is_refused() {
    FederatedSource.Builder builder = builder(WEB);

    assertThatThrownBy(() -> builder.federate(PARTNER, server.uri("/other"), WEB))
        .hasMessage("trustDomain: partner twice (expected: one endpoint of each)");
  }
}
