package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IdentityTlsTest {
  private static final String WEB = "spiffe://home/ns/prod/sa/web";
  private static final String PAY = "spiffe://home/ns/prod/sa/pay";
  private static final TestAuthority HOME = new TestAuthority("home");
  private static final TestAuthority PARTNER = new TestAuthority("partner");
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final TestIdentity own = new TestIdentity(HOME.identity(PAY, LIFE));
  private final IdentityTls tls = IdentityTls.of(own);

  private static Arguments bad(
      String name, SvidRejection reason, Function<TestCertificate.Builder, TestCertificate> by) {
    return Arguments.of(name, reason, by.apply(HOME.leaf(WEB)));
  }

  static Stream<Arguments> badPeers() {
    Instant now = Instant.now();
    return Stream.of(
        Arguments.of(
            "wrong trust domain",
            SvidRejection.NO_BUNDLE,
            PARTNER.leaf("spiffe://partner/a").signedBy(PARTNER.root())),
        bad("another authority", SvidRejection.UNTRUSTED, b -> b.signedBy(PARTNER.root())),
        bad("forged", SvidRejection.UNTRUSTED, b -> b.forged(HOME.root())),
        bad(
            "expired",
            SvidRejection.EXPIRED,
            b -> b.valid(now.minusSeconds(90), now.minusSeconds(30)).signedBy(HOME.root())),
        bad(
            "not yet valid",
            SvidRejection.NOT_YET_VALID,
            b -> b.valid(now.plusSeconds(60), now.plusSeconds(90)).signedBy(HOME.root())),
        bad(
            "CA as leaf",
            SvidRejection.IS_CA,
            b ->
                b.extend(Extension.basicConstraints, true, new BasicConstraints(true))
                    .signedBy(HOME.root())),
        bad(
            "no key usage",
            SvidRejection.KEY_USAGE,
            b -> b.without(Extension.keyUsage).signedBy(HOME.root())),
        bad(
            "two URIs",
            SvidRejection.URI_COUNT,
            b -> b.names(false, TestCertificate.uriNames(WEB, PAY)).signedBy(HOME.root())),
        bad(
            "root path",
            SvidRejection.ID_WITHOUT_PATH,
            b -> b.names(false, TestCertificate.uriNames("spiffe://home")).signedBy(HOME.root())));
  }

  private static SSLContext showing(TestCertificate certificate) throws Exception {
    return Handshakes.careless(certificate.keys().getPrivate(), List.of(certificate.certificate()));
  }

  private static <T extends Throwable> T causeOf(Throwable thrown, Class<T> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    throw new AssertionError("no " + type.getSimpleName(), thrown);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badPeers")
  void server_refusesABadClient_withTheReason(
      String name, SvidRejection reason, TestCertificate shown) throws Exception {
    for (boolean required : new boolean[] {true, false}) {
      SSLEngine server = Handshakes.server(tls.serverContext(ExpectedPeer.any(), required));
      Throwable thrown =
          catchThrowable(
              () -> Handshakes.run(Handshakes.client(showing(shown), "TLSv1.3"), server));
      assertThat(causeOf(thrown, SvidRejectedException.class).reason()).isEqualTo(reason);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badPeers")
  void client_refusesABadServer_withTheReason(
      String name, SvidRejection reason, TestCertificate shown) throws Exception {
    SSLEngine client = Handshakes.client(tls.clientContext(ExpectedPeer.any()), "TLSv1.3");
    SSLEngine server = Handshakes.carelessServer(showing(shown));
    Throwable thrown = catchThrowable(() -> Handshakes.run(client, server));
    assertThat(causeOf(thrown, SvidRejectedException.class).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void peers_ofOneTrustDomain_knowEachOther(String protocol) throws Exception {
    IdentityTls web = IdentityTls.of(new TestIdentity(HOME.identity(WEB, LIFE)));
    SSLEngine client = Handshakes.client(web.clientContext(ExpectedPeer.parse(PAY)), protocol);
    SSLEngine server = Handshakes.server(tls.serverContext(ExpectedPeer.parse(WEB), true));
    Handshakes.run(client, server);
    assertThat(tls.peer(server.getSession())).hasToString(WEB);
    assertThat(web.peer(client.getSession())).hasToString(PAY);
    assertThat(server.getSession().getProtocol()).isEqualTo(protocol);
  }

  @Test
  void federatedPeer_isKnown_whereItsBundleIs() throws Exception {
    own.set(HOME.identity(PAY, LIFE, PARTNER));
    IdentityTls partner =
        IdentityTls.of(new TestIdentity(PARTNER.identity("spiffe://partner/a", LIFE, HOME)));
    SSLEngine client = Handshakes.client(partner.clientContext(ExpectedPeer.any()), "TLSv1.3");
    SSLEngine server = Handshakes.server(tls.serverContext(ExpectedPeer.any(), true));
    Handshakes.run(client, server);
    assertThat(tls.peer(server.getSession())).hasToString("spiffe://partner/a");
  }

  @Test
  void another_thanExpected_isRefused_andBothAreNamed() {
    IdentityTls web = IdentityTls.of(new TestIdentity(HOME.identity(WEB, LIFE)));
    SSLEngine client = Handshakes.client(web.clientContext(ExpectedPeer.parse(WEB)), "TLSv1.3");
    SSLEngine server = Handshakes.server(tls.serverContext(ExpectedPeer.any(), true));
    Throwable thrown = catchThrowable(() -> Handshakes.run(client, server));
    assertThat(causeOf(thrown, UnexpectedPeerException.class))
        .hasMessage("peer: " + PAY + " (expected: " + WEB + ")");
  }

  @Test
  void client_withoutCertificate_isRefused_whereOneIsRequired() throws Exception {
    SSLContext plain = Handshakes.careless(noKey(), List.<X509Certificate>of());
    SSLEngine required = Handshakes.server(tls.serverContext(ExpectedPeer.any(), true));
    assertThatThrownBy(() -> Handshakes.run(Handshakes.client(plain, "TLSv1.3"), required))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("client certificate");
    SSLEngine optional = Handshakes.server(tls.serverContext(ExpectedPeer.any(), false));
    Handshakes.run(Handshakes.client(plain, "TLSv1.3"), optional);
    assertThat(tls.peer(optional.getSession())).isNull();
  }

  private static PrivateKey noKey() {
    return TestCertificate.KEYS.getPrivate();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void session_isResumed_underOneIdentity_andNeverUnderAnother(String protocol) throws Exception {
    IdentityTls web = IdentityTls.of(new TestIdentity(HOME.identity(WEB, LIFE)));
    SSLContext clients = web.clientContext(ExpectedPeer.parse(PAY));
    SSLContext servers = tls.serverContext(ExpectedPeer.any(), true);
    long first = established(clients, servers, protocol);
    assertThat(established(clients, servers, protocol)).as("resumed").isEqualTo(first);
    own.set(HOME.identity(PAY, LIFE));
    long rotated = established(clients, servers, protocol);
    assertThat(rotated).as("after the server's rotation").isNotEqualTo(first);
  }

  /** What is the same for all connections of one session: when its handshake was. */
  private static long established(SSLContext clients, SSLContext servers, String protocol)
      throws Exception {
    SSLEngine client = Handshakes.client(clients, protocol);
    SSLEngine server = Handshakes.server(servers);
    Handshakes.run(client, server);
    long created = client.getSession().getCreationTime();
    while (System.currentTimeMillis() <= created) {
      Thread.onSpinWait();
    }
    return created;
  }

  @Test
  void session_withABundleThatIsGone_provesNothing() throws Exception {
    own.set(HOME.identity(PAY, LIFE, PARTNER));
    IdentityTls partner =
        IdentityTls.of(new TestIdentity(PARTNER.identity("spiffe://partner/a", LIFE, HOME)));
    SSLEngine client = Handshakes.client(partner.clientContext(ExpectedPeer.any()), "TLSv1.3");
    SSLEngine server = Handshakes.server(tls.serverContext(ExpectedPeer.any(), true));
    Handshakes.run(client, server);
    SSLSession session = server.getSession();
    assertThat(tls.peer(session)).isNotNull();
    assertThat(tls.isCurrent(session)).isTrue();
    own.set(HOME.identity(PAY, LIFE));
    assertThatThrownBy(() -> tls.peer(session)).isInstanceOf(SvidRejectedException.class);
    assertThat(tls.isCurrent(session)).isFalse();
  }

  @Test
  void session_whosePeerHasExpired_provesNothing() throws Exception {
    IdentityTls web = IdentityTls.of(new TestIdentity(HOME.identity(WEB, Duration.ofMinutes(1))));
    SSLEngine client = Handshakes.client(web.clientContext(ExpectedPeer.any()), "TLSv1.3");
    SSLEngine server = Handshakes.server(tls.serverContext(ExpectedPeer.any(), true));
    Handshakes.run(client, server);
    assertThat(tls.peer(server.getSession())).isNotNull();
    Clock later = Clock.fixed(Instant.now().plusSeconds(120), ZoneOffset.UTC);
    assertThatThrownBy(() -> IdentityTls.of(own, later).peer(server.getSession()))
        .isInstanceOf(SvidRejectedException.class)
        .extracting(e -> ((SvidRejectedException) e).reason())
        .isEqualTo(SvidRejection.EXPIRED);
  }

  @Test
  void identity_servesUntilItExpires_andNotLonger() throws Exception {
    Instant end = own.identity().svid().expiresAt();
    IdentityTls atEnd = IdentityTls.of(own, Clock.fixed(end, ZoneOffset.UTC));
    assertThat(atEnd.current(ExpectedPeer.any()).identity()).isSameAs(own.identity());
    IdentityTls past = IdentityTls.of(own, Clock.fixed(end.plusMillis(1), ZoneOffset.UTC));
    assertThatThrownBy(() -> past.current(ExpectedPeer.any()))
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith(PAY + ": expired at ");
    IdentityTls web = IdentityTls.of(new TestIdentity(HOME.identity(WEB, LIFE)));
    SSLEngine client = Handshakes.client(web.clientContext(ExpectedPeer.any()), "TLSv1.3");
    SSLEngine server = Handshakes.server(past.serverContext(ExpectedPeer.any(), true));
    assertThatThrownBy(() -> Handshakes.run(client, server)).isInstanceOf(SSLException.class);
  }

  @Test
  void current_isTheSame_untilTheIdentityChanges() throws Exception {
    SnapshotTls first = tls.current(ExpectedPeer.parse(WEB));
    assertThat(tls.current(ExpectedPeer.parse(WEB))).isSameAs(first);
    assertThat(first.verifier()).isSameAs(first.verifier());
    assertThat(tls.current(ExpectedPeer.parse(PAY)).sockets()).isNotSameAs(first.sockets());
    own.set(HOME.identity(PAY, LIFE));
    assertThat(tls.current(ExpectedPeer.parse(WEB))).isNotSameAs(first);
    assertThat(tls.isCurrent(first)).isFalse();
    own.set(null);
    assertThatThrownBy(() -> tls.current(ExpectedPeer.any()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("no identity so far");
  }
}
