package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LocalAuthorityTest {
  private static final TrustDomain TD = TrustDomain.parse("td");
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://td/web");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path directory;

  @Test
  void svid_proves_its_id_for_as_long_as_it_says() throws Exception {
    LocalAuthority authority =
        LocalAuthority.of(TD).clock(CLOCK).ttl(Duration.ofMinutes(10)).build();

    X509Svid svid = authority.issue(WEB);

    assertThat(X509Svid.verify(svid.chain(), authority.bundles(), CLOCK)).isEqualTo(WEB);
    assertThat(svid.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    Clock later = Clock.offset(CLOCK, Duration.ofMinutes(11));
    assertThatThrownBy(() -> X509Svid.verify(svid.chain(), authority.bundles(), later))
        .isInstanceOfSatisfying(
            SvidRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(SvidRejection.EXPIRED));
  }

  @Test
  void token_proves_its_id() throws Exception {
    LocalAuthority authority = LocalAuthority.of(TD).clock(CLOCK).build();

    JwtSvid token = authority.issueToken(WEB, List.of("orders", "payments"));

    JwtSvid verified =
        JwtSvid.verify(token.token(), List.of("payments"), authority.bundles(), CLOCK);
    assertThat(verified.id()).isEqualTo(WEB);
  }

  @Test
  void authority_of_a_directory_is_the_same_next_time() throws Exception {
    X509Svid svid = LocalAuthority.of(TD).directory(directory).build().issue(WEB);

    LocalAuthority again = LocalAuthority.of(TD).directory(directory).build();

    assertThat(X509Svid.verify(svid.chain(), again.bundles(), Clock.systemUTC())).isEqualTo(WEB);
  }

  @Test
  void authority_of_another_trust_domain_is_refused() throws IOException {
    LocalAuthority.of(TrustDomain.parse("other")).directory(directory).build();

    assertThatThrownBy(() -> LocalAuthority.of(TD).directory(directory).build())
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            directory.resolve("ca-cert.pem") + ": of [spiffe://other] (expected: spiffe://td)");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"spiffe://td", "spiffe://other/web"})
  void id_that_is_not_its_own_is_refused(String id) throws IOException {
    LocalAuthority authority = LocalAuthority.of(TD).build();

    assertThatThrownBy(() -> authority.issue(SpiffeId.parse(id)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: " + id + " (expected: a workload of td)");
  }

  @Test
  void source_has_an_identity_at_once_and_another_at_half_of_its_life() throws Exception {
    LocalAuthority authority = LocalAuthority.of(TD).ttl(Duration.ofSeconds(1)).build();
    try (IdentitySource source = authority.source(WEB)) {
      WorkloadIdentity first = source.identity();
      assertThat(first.svid().id()).isEqualTo(WEB);
      BlockingQueue<WorkloadIdentity> heard = new LinkedBlockingQueue<>();
      source.onChange(identity -> heard.add(identity));

      WorkloadIdentity next = heard.poll(30, TimeUnit.SECONDS);

      assertThat(next.svid().chain()).isNotEqualTo(first.svid().chain());
      assertThat(next.bundles()).isEqualTo(first.bundles());
    }
  }

  @Test
  void bundle_is_written_as_it_is_read() throws Exception {
    TrustBundle bundle = LocalAuthority.of(TD).build().bundles().bundle(TD);

    assertThat(TrustBundle.ofJwks(TD, bundle.toJwks())).isEqualTo(bundle);
  }
}
