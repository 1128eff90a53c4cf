package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class KeyStoreSourceTest {
  private static final TrustDomain TD = TrustDomain.parse("td");
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://td/web");
  private static final char[] PASSWORD = "correct".toCharArray();

  @TempDir Path directory;
  private LocalAuthority authority;

  @BeforeEach
  void makeAuthority() throws IOException {
    authority = LocalAuthority.of(TD).build();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"PKCS12", "JKS"})
  void store_is_read(String type) throws Exception {
    X509Svid svid = authority.issue(WEB);
    Path file = directory.resolve("store");
    write(file, type, true, svid);

    WorkloadIdentity identity = KeyStoreSource.of(file, PASSWORD).read();

    assertThat(identity.svid().chain()).isEqualTo(svid.chain());
    assertThat(identity.bundles().bundle(TD).x509Authorities()).containsExactly(root());
  }

  @Test
  void trusted_certificates_may_have_a_store_of_their_own() throws Exception {
    Path keys = directory.resolve("keys.p12");
    Path trusted = directory.resolve("trusted.jks");
    write(keys, "PKCS12", false, authority.issue(WEB));
    write(trusted, "JKS", true);

    WorkloadIdentity identity =
        KeyStoreSource.of(keys, PASSWORD).trustStore(trusted, PASSWORD).read();

    assertThat(identity.bundles().bundle(TD).x509Authorities()).containsExactly(root());
  }

  @Test
  void replaced_store_is_taken_and_a_broken_one_is_not() throws Exception {
    Path file = directory.resolve("store.p12");
    write(file, "PKCS12", true, authority.issue(WEB));
    KeyStoreSource source = KeyStoreSource.of(file, PASSWORD).still();
    source.look();
    X509Svid next = authority.issue(WEB);

    write(file, "PKCS12", true, next);
    source.look();
    assertThat(source.identity().svid().chain()).isEqualTo(next.chain());

    Files.write(file, new byte[] {1, 2, 3});
    source.look();
    source.look();
    assertThat(source.identity().svid().chain()).isEqualTo(next.chain());
    assertThat(source.problem()).hasMessageStartingWith(file + ": no key store of that password");
  }

  @Test
  void wrong_password_is_refused() throws Exception {
    Path file = directory.resolve("store.p12");
    write(file, "PKCS12", true, authority.issue(WEB));

    assertThatThrownBy(() -> KeyStoreSource.of(file, "wrong".toCharArray()).read())
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith(file + ": no key store of that password");
  }

  @Test
  void several_keys_need_an_alias() throws Exception {
    Path file = directory.resolve("store.p12");
    X509Svid second = authority.issue(WEB);
    write(file, "PKCS12", true, authority.issue(WEB), second);

    assertThatThrownBy(() -> KeyStoreSource.of(file, PASSWORD).read())
        .hasMessageContaining("2 keys (expected: one; there are \"[");
    assertThat(KeyStoreSource.of(file, PASSWORD).alias("key1").read().svid().chain())
        .isEqualTo(second.chain());
  }

  @Test
  void store_without_trusted_certificates_is_refused() throws Exception {
    Path file = directory.resolve("store.p12");
    write(file, "PKCS12", false, authority.issue(WEB));

    assertThatThrownBy(() -> KeyStoreSource.of(file, PASSWORD).read())
        .hasMessage(file + ": no trusted certificate (expected: the authorities of td)");
  }

  private X509Certificate root() {
    return authority.bundles().bundle(TD).x509Authorities().get(0);
  }

  private void write(Path file, String type, boolean withRoot, X509Svid... svids)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    for (int i = 0; i < svids.length; i++) {
      store.setKeyEntry(
          "key" + i, svids[i].privateKey(), PASSWORD, svids[i].chain().toArray(Certificate[]::new));
    }
    if (withRoot) {
      store.setCertificateEntry("root", root());
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
  }
}
