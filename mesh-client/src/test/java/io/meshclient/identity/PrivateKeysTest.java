package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PrivateKeysTest {
  private static final KeyPair EC = TestCertificate.newKeys();
  private static final KeyPair RSA = keys("RSA");
  private static final KeyPair EDWARDS = keys("Ed25519");

  static Stream<Arguments> forms() throws IOException {
    PrivateKeyInfo ec = PrivateKeyInfo.getInstance(EC.getPrivate().getEncoded());
    PrivateKeyInfo rsa = PrivateKeyInfo.getInstance(RSA.getPrivate().getEncoded());
    byte[] sec1 =
        new ECPrivateKey(
                256,
                ECPrivateKey.getInstance(ec.parsePrivateKey()).getKey(),
                X9ObjectIdentifiers.prime256v1)
            .getEncoded();
    return Stream.of(
        arguments("PKCS#8, EC", pem("PRIVATE KEY", EC.getPrivate().getEncoded()), EC),
        arguments("PKCS#8, RSA", pem("PRIVATE KEY", RSA.getPrivate().getEncoded()), RSA),
        arguments(
            "PKCS#8, Ed25519", pem("PRIVATE KEY", EDWARDS.getPrivate().getEncoded()), EDWARDS),
        arguments(
            "PKCS#1",
            pem("RSA PRIVATE KEY", rsa.parsePrivateKey().toASN1Primitive().getEncoded()),
            RSA),
        arguments("SEC1", pem("EC PRIVATE KEY", sec1), EC),
        arguments(
            "SEC1 behind its parameters",
            pem("EC PARAMETERS", X9ObjectIdentifiers.prime256v1.getEncoded())
                + pem("EC PRIVATE KEY", sec1),
            EC));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void key_is_read_in_each_form(String name, String pem, KeyPair expected)
      throws GeneralSecurityException {
    assertThat(areOnePair(PrivateKeys.ofPem(pem), expected.getPublic())).isTrue();
  }

  private static boolean areOnePair(PrivateKey key, PublicKey itsPublic)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] message = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(itsPublic);
    signature.update(message);
    return signature.verify(signed);
  }

  @Test
  void two_keys_are_refused() {
    String one = pem("PRIVATE KEY", EC.getPrivate().getEncoded());

    assertThatThrownBy(() -> PrivateKeys.ofPem(one + one))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("two private keys (expected: one)");
  }

  @Test
  void sec1_without_curve_is_refused() throws IOException {
    PrivateKey key = EC.getPrivate();
    byte[] bare =
        PrivateKeyInfo.getInstance(key.getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    byte[] sec1 = new ECPrivateKey(256, ECPrivateKey.getInstance(bare).getKey()).getEncoded();

    assertThatThrownBy(() -> PrivateKeys.ofPem(pem("EC PRIVATE KEY", sec1)))
        .hasMessageContaining("no curve in the EC key");
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static KeyPair keys(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
