package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class PemDirectorySourceTest {
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://td/web");

  @TempDir Path directory;
  private LocalAuthority authority;

  @BeforeEach
  void makeAuthority() throws IOException {
    authority = LocalAuthority.of(TrustDomain.parse("td")).build();
  }

  @Test
  void written_directory_is_read_back() throws IOException {
    WorkloadIdentity identity = issued();

    PemDirectorySource.write(directory, identity);

    WorkloadIdentity read = PemDirectorySource.read(directory);
    assertThat(read.svid().id()).isEqualTo(WEB);
    assertThat(read.svid().chain()).isEqualTo(identity.svid().chain());
    assertThat(read.bundles().bundle(authority.trustDomain()).x509Authorities())
        .isEqualTo(identity.bundles().bundle(authority.trustDomain()).x509Authorities());
  }

  @Test
  void source_without_directory_has_none_until_it_is_there() throws Exception {
    Path later = directory.resolve("later");
    try (PemDirectorySource source = PemDirectorySource.start(later, Duration.ofMillis(5))) {
      assertThat(source.identity()).isNull();
      assertThatThrownBy(() -> source.await(Duration.ofMillis(50)))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("no identity within 50 ms");

      PemDirectorySource.write(later, issued());

      assertThat(source.await(Duration.ofSeconds(20)).svid().id()).isEqualTo(WEB);
      assertThat(source.problem()).isNull();
    }
  }

  @Test
  void set_is_taken_when_the_key_fits_and_not_before() throws Exception {
    WorkloadIdentity first = issued();
    WorkloadIdentity second = issued();
    PemDirectorySource.write(directory, first);
    PemDirectorySource source = PemDirectorySource.still(directory);
    source.look();
    List<@Nullable WorkloadIdentity> heard = new ArrayList<>();
    source.onChange(heard::add);

    write("key.pem", PemText.of(second.svid().privateKey()));
    source.look();
    assertThat(source.identity().sameAs(first)).isTrue();
    assertThat(source.problem()).as("it may be half written").isNull();
    source.look();
    assertThat(source.identity().sameAs(first)).isTrue();
    assertThat(source.problem())
        .hasMessage(
            directory.resolve("key.pem")
                + ": not the key of "
                + directory.resolve("cert-chain.pem"));

    write("cert-chain.pem", PemText.of(second.svid().chain()));
    source.look();
    assertThat(source.identity().sameAs(second)).isTrue();
    assertThat(source.problem()).isNull();
    assertThat(heard).hasSize(1);
  }

  @Test
  void files_swapped_under_the_reader_never_make_a_mismatched_pair() throws Exception {
    PemDirectorySource.write(directory, issued());
    CountDownLatch twenty = new CountDownLatch(20);
    List<WorkloadIdentity> seen = new ArrayList<>();
    try (PemDirectorySource source = PemDirectorySource.start(directory, Duration.ofMillis(1))) {
      source.onChange(
          identity -> {
            seen.add(identity);
            twenty.countDown();
          });
      for (long end = System.nanoTime() + 50_000_000_000L;
          twenty.getCount() > 0 && System.nanoTime() < end; ) {
        WorkloadIdentity next = issued();
        PemDirectorySource.write(directory, next);
        twenty.await(3, TimeUnit.MILLISECONDS);
      }
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(20);
    for (WorkloadIdentity identity : seen) {
      // Throws for a pair that does not match.
      assertThat(X509Svid.of(identity.svid().chain(), identity.svid().privateKey()).id())
          .isEqualTo(WEB);
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("empty key", "key.pem", "", "no private key"),
        arguments("encrypted key", "key.pem", block("ENCRYPTED PRIVATE KEY"), "an unencrypted key"),
        arguments("key of no kind", "key.pem", block("PRIVATE KEY"), "not readable"),
        arguments("RSA key that is none", "key.pem", block("RSA PRIVATE KEY"), "not readable"),
        arguments("EC key that is none", "key.pem", block("EC PRIVATE KEY"), "DER at"),
        arguments("empty chain", "cert-chain.pem", "", "no certificate"),
        arguments("chain that is none", "cert-chain.pem", block("CERTIFICATE"), "PEM block 1"),
        arguments("empty roots", "root-cert.pem", "", "no certificate"),
        arguments("key among roots", "root-cert.pem", block("PRIVATE KEY"), "another kind"));
  }

  private static String block(String label) {
    return "-----BEGIN " + label + "-----\nMAMCAQA=\n-----END " + label + "-----\n";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void fault_is_named_with_its_file(String name, String file, String content, String expected)
      throws IOException {
    PemDirectorySource.write(directory, issued());

    write(file, content);

    assertThatThrownBy(() -> PemDirectorySource.read(directory))
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith(directory.resolve(file) + ": ")
        .hasMessageContaining(expected);
  }

  @Test
  void missing_file_is_named() throws IOException {
    PemDirectorySource.write(directory, issued());
    Files.delete(directory.resolve("root-cert.pem"));

    assertThatThrownBy(() -> PemDirectorySource.read(directory))
        .hasMessage(directory.resolve("root-cert.pem") + ": no such file");
  }

  @Test
  void spoiled_keys_are_read_or_refused() throws IOException {
    String pem = PemText.of(issued().svid().privateKey());

    Mutations.assertReadOrRefused(
        pem, "A/=-\n \0", 3_000, GeneralSecurityException.class, PrivateKeys::ofPem);
  }

  private WorkloadIdentity issued() {
    TrustBundle roots = authority.bundles().bundle(authority.trustDomain());
    return new WorkloadIdentity(
        authority.issue(WEB),
        BundleSet.of(TrustBundle.of(authority.trustDomain(), roots.x509Authorities())));
  }

  private void write(String file, String content) throws IOException {
    PemDirectorySource.replace(directory.resolve(file), content, false);
  }
}
