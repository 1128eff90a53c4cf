package io.meshclient.identity;

import static io.meshclient.identity.TestCertificate.ca;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustBundleTest {
  private static final TrustDomain TD = TrustDomain.parse("td");
  private static final TestCertificate ROOT = ca("root").selfSigned();
  private static final TestCertificate NEXT = ca("next").selfSigned();

  @Test
  void jwks_is_read() throws Exception {
    TrustBundle bundle =
        jwks(
            "\"spiffe_sequence\":12,\"spiffe_refresh_hint\":300,\"more\":{},",
            authority(ROOT),
            authority(NEXT),
            jwt("k1"));

    assertThat(bundle.trustDomain()).isEqualTo(TD);
    assertThat(bundle.x509Authorities()).containsExactly(ROOT.certificate(), NEXT.certificate());
    assertThat(bundle.jwtAuthorities().keySet()).containsExactly("k1");
    assertThat(bundle.jwtAuthorities()).containsEntry("k1", ROOT.keys().getPublic());
    assertThat(bundle.sequence()).isEqualTo(12);
    assertThat(bundle.refreshHint()).isEqualTo(Duration.ofMinutes(5));
    assertThat(bundle).hasToString("TrustBundle[td, 2 certificates, 1 keys, sequence 12]");
  }

  @Test
  void jwks_without_hints_or_keys_is_read() throws Exception {
    TrustBundle bundle = jwks("");

    assertThat(bundle.x509Authorities()).isEmpty();
    assertThat(bundle.jwtAuthorities()).isEmpty();
    assertThat(bundle.sequence()).isNull();
    assertThat(bundle.refreshHint()).isNull();
  }

  static Stream<Arguments> passedOver() {
    return Stream.of(
        arguments("unknown use", "{\"kty\":\"EC\",\"use\":\"sig\"}"),
        arguments("use in upper case", "{\"kty\":\"EC\",\"use\":\"X509-SVID\",\"x5c\":7}"),
        arguments("no use", "{\"kty\":\"EC\"}"),
        arguments("unknown type", "{\"kty\":\"XX\",\"use\":\"x509-svid\",\"x5c\":[\"?\"]}"),
        arguments("secret", "{\"kty\":\"oct\",\"use\":\"jwt-svid\",\"kid\":\"a\",\"k\":\"AA\"}"),
        arguments("no x5c", "{\"kty\":\"EC\",\"use\":\"x509-svid\"}"),
        arguments("empty x5c", "{\"kty\":\"EC\",\"use\":\"x509-svid\",\"x5c\":[]}"),
        arguments(
            "unknown curve",
            "{\"kty\":\"EC\",\"use\":\"jwt-svid\",\"kid\":\"a\",\"crv\":\"secp256k1\"}"),
        arguments("key for no JWT", "{\"kty\":\"OKP\",\"use\":\"jwt-svid\",\"kid\":\"a\"}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passedOver")
  void entry_of_another_kind_is_passed_over(String name, String entry) throws Exception {
    TrustBundle bundle = jwks("", entry, authority(ROOT));

    assertThat(bundle.x509Authorities()).containsExactly(ROOT.certificate());
    assertThat(bundle.jwtAuthorities()).isEmpty();
  }

  static Stream<Arguments> malformed() {
    String x509 = "{\"kty\":\"EC\",\"use\":\"x509-svid\",\"x5c\":";
    String jwt = "{\"kty\":\"EC\",\"use\":\"jwt-svid\",";
    return Stream.of(
        arguments("no JSON", "keys", "JSON: no value at 0"),
        arguments("no object", "[]", "no JWK Set"),
        arguments("no keys", "{}", "no JWK Set"),
        arguments("keys null", "{\"keys\":null}", "no JWK Set"),
        arguments("keys twice", "{\"keys\":[],\"keys\":[]}", "JSON: name twice at 11"),
        arguments("sequence text", set("\"spiffe_sequence\":\"1\","), "spiffe_sequence: no int"),
        arguments("sequence null", set("\"spiffe_sequence\":null,"), "spiffe_sequence: no int"),
        arguments("sequence < 0", set("\"spiffe_sequence\":-1,"), "spiffe_sequence: no integer"),
        arguments("sequence 1.5", set("\"spiffe_sequence\":1.5,"), "spiffe_sequence: no integer"),
        arguments(
            "sequence of 65 bits", set("\"spiffe_sequence\":18446744073709551616,"), "no integer"),
        arguments("hint < 0", set("\"spiffe_refresh_hint\":-300,"), "spiffe_refresh_hint: no"),
        arguments("entry no object", set("", "7"), "keys[0]: no object"),
        arguments("no type", set("", "{\"use\":\"x509-svid\"}"), "keys[0]: kty: missing"),
        arguments("type no text", set("", "{\"kty\":1}"), "keys[0]: kty: no string"),
        arguments("x5c text", set("", authority(ROOT), x509 + "\"AA\"}"), "keys[1]: x5c: no array"),
        arguments("x5c of numbers", set("", x509 + "[1]}"), "keys[0]: x5c: no array of strings"),
        arguments("x5c no base64", set("", x509 + "[\"?\"]}"), "keys[0]: x5c[0]: not base64"),
        arguments("x5c no certificate", set("", x509 + "[\"MAA=\"]}"), "keys[0]: "),
        arguments("x5c not DER", set("", x509 + "[\"LS0t\"]}"), "keys[0]: not DER"),
        arguments(
            "x5c with more behind",
            set("", x509 + "[\"" + base64(ROOT, 0, 0) + "\"]}"),
            "keys[0]: bytes behind the certificate"),
        arguments(
            "certificate of another key",
            set("", authority(ROOT).replace("\"x5c\"", point(NEXT) + ",\"x5c\"")),
            "keys[0]: x5c[0]: not the certificate of the key"),
        arguments("no kid", set("", jwt + point(ROOT) + "}"), "keys[0]: kid: missing"),
        arguments("empty kid", set("", jwt("")), "keys[0]: kid: empty"),
        arguments("kid twice", set("", jwt("a"), jwt("a")), "keys[1]: kid: \"a\" twice"),
        arguments("no curve", set("", jwt + "\"kid\":\"a\"}"), "keys[0]: crv: missing"),
        arguments(
            "no y", set("", jwt + "\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"AA\"}"), "x: 1 bytes"),
        arguments(
            "point off the curve",
            set(
                "",
                jwt
                    + "\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\""
                    + "A".repeat(43)
                    + "\",\"y\":\""
                    + "A".repeat(43)
                    + "\"}"),
            "keys[0]: x, y: not on the curve"),
        arguments(
            "RSA of 16 bits",
            set(
                "",
                "{\"kty\":\"RSA\",\"use\":\"jwt-svid\",\"kid\":\"a\",\"n\":\"__8\",\"e\":\"Aw\"}"),
            "keys[0]: n: 16 bits (expected: at least 2048)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformed_jwks_is_refused_with_the_reason(String name, String json, String reason) {
    assertThatThrownBy(() -> TrustBundle.ofJwks(TD, json))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageStartingWith("bundle of td: ")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({"secp256r1, P-256", "secp384r1, P-384", "secp521r1, P-521"})
  void ec_key_of_a_curve_is_read(String curve, String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    ECKey key = new ECKey.Builder(Curve.parse(name), (ECPublicKey) pair.getPublic()).build();

    assertThat(JwkKey.of(key.toJSONObject())).isEqualTo(pair.getPublic());
  }

  @Test
  void rsa_key_is_read() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    RSAKey key = new RSAKey.Builder((RSAPublicKey) pair.getPublic()).build();

    assertThat(JwkKey.of(key.toJSONObject())).isEqualTo(pair.getPublic());
  }

  @Test
  void pem_is_read_with_comments_around() throws Exception {
    TrustBundle bundle =
        TrustBundle.ofPem(TD, "# root\n" + pem(ROOT) + "\r\n# next\n" + pem(NEXT) + pem(ROOT));

    assertThat(bundle.x509Authorities()).containsExactly(ROOT.certificate(), NEXT.certificate());
    assertThat(bundle.jwtAuthorities()).isEmpty();
  }

  static Stream<Arguments> malformedPem() {
    String good = pem(ROOT);
    return Stream.of(
        arguments("empty", "", "no certificate (expected: at least one)"),
        arguments("text", "hello", "no certificate"),
        arguments("no end", good.substring(0, 200), "PEM block 1: no end"),
        arguments("another end", good.replace("END CERT", "END CART"), "PEM block 1: no end"),
        arguments("nested", good.substring(0, 100) + "\n" + good, "PEM block 1: no end"),
        arguments("end alone", good + "-----END CERTIFICATE-----", "an end without a beginning"),
        arguments("no base64", good.replace("M", "?"), "PEM block 1: not base64"),
        arguments("cut off", cut(good), "PEM block 1: "),
        arguments("not DER", block("CERTIFICATE", "LS0t"), "PEM block 1: not DER"),
        arguments("key", good + block("PRIVATE KEY", "MAA="), "PEM block 2: another kind"),
        arguments(
            "key in disguise",
            block("RSA PRIVATE KEY", "MAA=") + good,
            "PEM block 1: another kind"),
        arguments("trusted", block("TRUSTED CERTIFICATE", "MAA="), "another kind"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformedPem")
  void malformed_pem_is_refused_with_the_reason(String name, String pem, String reason) {
    assertThatThrownBy(() -> TrustBundle.ofPem(TD, pem))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageStartingWith("bundle of td: ")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"{}[]:,\\ 0-e\u0000\u00e4AQ=_"})
  void spoiled_jwks_is_read_or_refused(String marks) {
    String good = set("\"spiffe_sequence\":1,", authority(ROOT), jwt("a"));

    Mutations.assertReadOrRefused(
        good, marks, 5_000, InvalidBundleException.class, text -> TrustBundle.ofJwks(TD, text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-\n\r =+/AZaz09\u0000\u00e4"})
  void spoiled_pem_is_read_or_refused(String marks) {
    Mutations.assertReadOrRefused(
        pem(ROOT) + pem(NEXT),
        marks,
        5_000,
        InvalidBundleException.class,
        text -> TrustBundle.ofPem(TD, text));
  }

  @Test
  void bundles_of_a_set_are_kept_apart() {
    TrustDomain other = TrustDomain.parse("other");
    TrustBundle first = TrustBundle.of(TD, List.of(ROOT.certificate()));
    TrustBundle second = TrustBundle.of(TD, List.of(NEXT.certificate()));
    TrustBundle foreign = TrustBundle.of(other, List.of(NEXT.certificate()));
    BundleSet set = BundleSet.of(first, foreign);

    assertThat(set.bundle(TD)).isEqualTo(first);
    assertThat(set.with(second).bundle(TD)).isEqualTo(second);
    assertThat(set.without(TD).bundle(TD)).isNull();
    assertThat(set.without(TD)).isEqualTo(BundleSet.of(foreign));
    assertThat(set.trustDomains()).containsExactly(other, TD);
    assertThatThrownBy(() -> BundleSet.of(first, second))
        .hasMessage("bundles: two of td (expected: one of each trust domain)");
  }

  private static TrustBundle jwks(String head, String... entries) throws InvalidBundleException {
    return TrustBundle.ofJwks(TD, set(head, entries));
  }

  private static String set(String head, String... entries) {
    return "{" + head + "\"keys\":[" + String.join(",", entries) + "]}";
  }

  private static String authority(TestCertificate root) {
    return "{\"kty\":\"EC\",\"use\":\"x509-svid\",\"x5c\":[\"" + base64(root) + "\"]}";
  }

  private static String jwt(String kid) {
    return "{\"kty\":\"EC\",\"use\":\"jwt-svid\",\"kid\":\"" + kid + "\"," + point(ROOT) + "}";
  }

  private static String point(TestCertificate of) {
    ECKey key = new ECKey.Builder(Curve.P_256, (ECPublicKey) of.keys().getPublic()).build();
    return "\"crv\":\"P-256\",\"x\":\"" + key.getX() + "\",\"y\":\"" + key.getY() + "\"";
  }

  private static String base64(TestCertificate of, int... more) {
    try {
      byte[] der = of.certificate().getEncoded();
      byte[] longer = Arrays.copyOf(der, der.length + more.length);
      return Base64.getEncoder().encodeToString(longer);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(TestCertificate of) {
    return block("CERTIFICATE", base64(of).replaceAll("(.{64})", "$1\n"));
  }

  private static String cut(String pem) {
    int end = pem.indexOf("\n-----END");
    return pem.substring(0, end - 64).stripTrailing() + pem.substring(end);
  }

  private static String block(String label, String base64) {
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }
}
