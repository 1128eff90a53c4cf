package io.meshclient.identity;

import static io.meshclient.identity.TestCertificate.NOW;
import static io.meshclient.identity.TestCertificate.ca;
import static io.meshclient.identity.TestCertificate.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X509SvidTest {
  private static final String ID = "spiffe://td/a";
  private static final TestCertificate ROOT = ca("root").selfSigned();

  @Test
  void svid_has_id_of_its_leaf_and_the_narrowest_validity() throws Exception {
    TestCertificate middle =
        ca("middle").valid(NOW.minusSeconds(60), NOW.plusSeconds(60)).signedBy(ROOT);
    TestCertificate leaf = leaf(ID).signedBy(middle);

    X509Svid svid =
        X509Svid.of(List.of(leaf.certificate(), middle.certificate()), leaf.keys().getPrivate());

    assertThat(svid.id()).hasToString(ID);
    assertThat(svid.leaf()).isEqualTo(leaf.certificate());
    assertThat(svid.validFrom()).isEqualTo(NOW.minusSeconds(60));
    assertThat(svid.expiresAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(svid).hasToString("X509Svid[spiffe://td/a, expires 2026-03-01T12:01:00Z]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "Ed25519", "EC"})
  void key_of_another_certificate_is_refused(String algorithm) throws Exception {
    KeyPair own = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    List<X509Certificate> chain = List.of(leaf(ID).keys(own).signedBy(ROOT).certificate());

    assertThat(X509Svid.of(chain, own.getPrivate()).privateKey()).isEqualTo(own.getPrivate());
    assertReason(chain, other, SvidRejection.KEY_MISMATCH);
    assertReason(chain, TestCertificate.newKeys(), SvidRejection.KEY_MISMATCH);
  }

  @Test
  void chain_that_is_no_svid_is_refused() {
    assertReason(List.of(), TestCertificate.KEYS, SvidRejection.CHAIN_LENGTH);
    assertReason(List.of(ROOT.certificate()), ROOT.keys(), SvidRejection.URI_COUNT);
  }

  @Test
  void names_that_are_not_critical_are_refused_where_there_is_no_subject() throws Exception {
    // The platform does not read such a certificate at all; another provider may.
    byte[] der = leaf(ID).subject("").encodedBy(ROOT);
    X509Certificate read =
        (X509Certificate)
            CertificateFactory.getInstance("X.509", new BouncyCastleProvider())
                .generateCertificate(new ByteArrayInputStream(der));

    assertReason(List.of(read), TestCertificate.KEYS, SvidRejection.NAMES_MALFORMED);
    assertThatThrownBy(() -> TestCertificate.read(der)).isInstanceOf(CertificateException.class);
  }

  private static void assertReason(
      List<X509Certificate> chain, KeyPair keys, SvidRejection reason) {
    assertThatThrownBy(() -> X509Svid.of(chain, keys.getPrivate()))
        .isInstanceOfSatisfying(
            SvidRejectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
