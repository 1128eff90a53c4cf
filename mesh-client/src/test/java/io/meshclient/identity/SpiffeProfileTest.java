package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom {@code https_spiffe} believes. */
@Timeout(60)
class SpiffeProfileTest {
  private static final TrustDomain PARTNER = TrustDomain.parse("partner");
  private static final SpiffeId ENDPOINT = SpiffeId.parse("spiffe://partner/bundles");

  private final TestAuthority home = new TestAuthority("td");
  private final TestIdentity own =
      new TestIdentity(home.identity("spiffe://td/web", Duration.ofMinutes(5)));
  private final List<AutoCloseable> opened = new ArrayList<>();
  private LocalAuthority partner;
  private TestIdentity ofServer;
  private BundleServer server;

  /** Begins now. */
  private static final class MovedClock extends Clock {
    private volatile Instant now = Instant.now();

    void move(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void startServer() throws IOException {
    partner = LocalAuthority.of(PARTNER).build();
    ofServer = new TestIdentity(issued(partner, ENDPOINT));
    server =
        opened(new BundleServer(IdentityTls.of(ofServer).serverContext(ExpectedPeer.any(), false)));
    server.answer(bundleOf(partner));
  }

  @AfterEach
  void stopAll() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  private static WorkloadIdentity issued(LocalAuthority authority, SpiffeId id) {
    return new WorkloadIdentity(authority.issue(id), authority.bundles());
  }

  private static TrustBundle bundleOf(LocalAuthority authority) {
    return authority.bundles().bundle(authority.trustDomain());
  }

  private FederatedSource federated(TrustDomain trustDomain, EndpointProfile profile) {
    return federated(trustDomain, profile, Clock.systemUTC());
  }

  private FederatedSource federated(TrustDomain trustDomain, EndpointProfile profile, Clock clock) {
    return opened(
        FederatedSource.of(own)
            .federate(trustDomain, server.uri("/"), profile)
            .clock(clock)
            .still());
  }

  private static void fetch(FederatedSource source) throws InterruptedException {
    source.refreshes().get(0).refresh();
  }

  private static BundleSet bundles(FederatedSource source) {
    return source.identity().bundles();
  }

  @Test
  void endpoint_is_believed_by_its_id_whatever_its_host() throws Exception {
    TrustBundle given = TrustBundle.of(PARTNER, bundleOf(partner).x509Authorities());
    FederatedSource source = federated(PARTNER, EndpointProfile.spiffe(ENDPOINT, given));
    assertThat(bundles(source)).isEqualTo(BundleSet.of(home.bundle(), given));

    fetch(source);

    assertThat(source.problem()).isNull();
    assertThat(bundles(source)).isEqualTo(BundleSet.of(home.bundle(), bundleOf(partner)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another ID, spiffe://partner/bundles, spiffe://partner/other, true",
    "ID below, spiffe://partner/bundles, spiffe://partner/bundles/a, true",
    "forged, spiffe://partner/bundles, spiffe://partner/bundles, false",
  })
  void endpoint_with_the_wrong_svid_is_refused(
      String name, String expected, String shown, boolean genuine) throws Exception {
    LocalAuthority issuer = genuine ? partner : LocalAuthority.of(PARTNER).build();
    ofServer.set(issued(issuer, SpiffeId.parse(shown)));
    TrustBundle given = bundleOf(partner);
    server.answer(bundleOf(LocalAuthority.of(PARTNER).build()));
    FederatedSource source =
        federated(PARTNER, EndpointProfile.spiffe(SpiffeId.parse(expected), given));

    fetch(source);

    assertThat(bundles(source).bundle(PARTNER)).isEqualTo(given);
    assertThat(source.problem()).hasMessageContaining(genuine ? shown : "not vouched for");
  }

  @Test
  void endpoint_is_checked_by_the_newest_bundle_that_it_gave() throws Exception {
    FederatedSource source =
        federated(PARTNER, EndpointProfile.spiffe(ENDPOINT, bundleOf(partner)));
    LocalAuthority next = LocalAuthority.of(PARTNER).build();
    server.answer(bundleOf(next));
    fetch(source);
    fetch(source);
    assertThat(source.problem()).hasMessageContaining("not vouched for");

    ofServer.set(issued(next, ENDPOINT));
    fetch(source);

    assertThat(source.problem()).isNull();
    assertThat(bundles(source).bundle(PARTNER)).isEqualTo(bundleOf(next));
  }

  @Test
  void endpoint_of_a_third_trust_domain_is_checked_by_that_one() throws Exception {
    TrustDomain branch = TrustDomain.parse("branch");
    TrustBundle ofBranch = new TestAuthority("branch").bundle();
    server.answer(ofBranch);
    FederatedSource source = federated(branch, EndpointProfile.spiffe(ENDPOINT, bundleOf(partner)));

    fetch(source);

    assertThat(source.problem()).isNull();
    assertThat(bundles(source)).isEqualTo(BundleSet.of(home.bundle(), ofBranch));
  }

  @Test
  void endpoint_without_a_bundle_is_not_asked() throws Exception {
    FederatedSource source = federated(PARTNER, EndpointProfile.spiffe(ENDPOINT));
    fetch(source);
    assertThat(source.problem())
        .hasMessageEndingWith("no bundle to check spiffe://partner/bundles by (known: [td])");

    TrustBundle bundle = TrustBundle.of(PARTNER, bundleOf(partner).x509Authorities());
    own.set(
        home.identity(
            "spiffe://td/web", Duration.ofMinutes(5), BundleSet.of(home.bundle(), bundle)));
    fetch(source);

    assertThat(source.problem()).isNull();
    assertThat(bundles(source).bundle(PARTNER)).isEqualTo(bundleOf(partner));
  }

  @Test
  void connection_is_not_used_beyond_its_certificate() throws Exception {
    MovedClock clock = new MovedClock();
    FederatedSource source =
        federated(PARTNER, EndpointProfile.spiffe(ENDPOINT, bundleOf(partner)), clock);
    fetch(source);
    fetch(source);
    assertThat(source.problem()).isNull();

    clock.move(Duration.ofHours(2));
    fetch(source);

    assertThat(source.problem()).hasMessageContaining("valid from");
  }

  @Test
  void given_bundle_with_a_number_is_not_taken_back() throws Exception {
    TrustBundle real = bundleOf(partner);
    TrustBundle given = new TrustBundle(PARTNER, real.x509Authorities(), Map.of(), 7L, null);
    server.answer(
        new TrustBundle(PARTNER, real.x509Authorities(), real.jwtAuthorities(), 6L, null));
    FederatedSource source = federated(PARTNER, EndpointProfile.spiffe(ENDPOINT, given));

    fetch(source);

    assertThat(source.problem()).hasMessageContaining("sequence 6 (expected: at least 7)");
    assertThat(bundles(source).bundle(PARTNER)).isEqualTo(given);
  }

  @Test
  void bundle_of_another_trust_domain_than_the_endpoint_is_refused() {
    assertThatThrownBy(() -> EndpointProfile.spiffe(ENDPOINT, home.bundle()))
        .hasMessage("first: of td (expected: of partner)");
    assertThatThrownBy(() -> EndpointProfile.spiffe(PARTNER.id()))
        .hasMessage("server: spiffe://partner (expected: an ID with a path)");
  }
}
