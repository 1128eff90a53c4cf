package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JwtSvidTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final long EXP = NOW.getEpochSecond() + 300;
  private static final String ID = "spiffe://td/a";
  private static final TrustDomain TD = TrustDomain.parse("td");

  private static final KeyPair P256 = pair("EC", "secp256r1");
  private static final KeyPair P384 = pair("EC", "secp384r1");
  private static final KeyPair P521 = pair("EC", "secp521r1");
  private static final KeyPair RSA = pair("RSA", null);
  private static final KeyPair STRANGER = pair("EC", "secp256r1");

  private static final Map<String, KeyPair> PAIRS =
      Map.of("p256", P256, "p384", P384, "p521", P521, "rsa", RSA, "stranger", STRANGER);

  private static final BundleSet BUNDLES =
      BundleSet.of(
          new TrustBundle(
              TD,
              List.of(),
              Map.of(
                  "p256",
                  P256.getPublic(),
                  "p384",
                  P384.getPublic(),
                  "p521",
                  P521.getPublic(),
                  "rsa",
                  RSA.getPublic()),
              null,
              null),
          new TrustBundle(
              TrustDomain.parse("other"),
              List.of(),
              Map.of("stranger", STRANGER.getPublic()),
              null,
              null));

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "RS256, rsa",
    "RS384, rsa",
    "RS512, rsa",
    "PS256, rsa",
    "PS384, rsa",
    "PS512, rsa",
    "ES256, p256",
    "ES384, p384",
    "ES512, p521"
  })
  void token_of_an_allowed_algorithm_is_accepted(String algorithm, String key) throws Exception {
    String token = token(header(algorithm, key), claims("\"us\"", EXP), key);

    JwtSvid svid = JwtSvid.verify(token, Set.of("us"), BUNDLES, CLOCK);

    assertThat(svid.id()).hasToString(ID);
    assertThat(svid.audience()).containsExactly("us");
    assertThat(svid.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(svid.token()).isEqualTo(token);
    assertThat(svid).hasToString("JwtSvid[" + ID + ", for \"us\", expires 2026-03-01T12:05:00Z]");
  }

  static Stream<Arguments> accepted() {
    String header = header("ES256", "p256");
    String more = "{\"sub\":\"" + ID + "\",\"aud\":\"us\",\"exp\":";
    return Stream.of(
        arguments("no type", "{\"alg\":\"ES256\",\"kid\":\"p256\"}", claims("\"us\"", EXP)),
        arguments("type JOSE", header.replace("JWT", "JOSE"), claims("\"us\"", EXP)),
        arguments("several audiences", header, claims("[\"them\",\"us\"]", EXP)),
        arguments("ours of two", header, claims("\"we\"", EXP)),
        arguments("ended within the skew", header, claims("\"us\"", NOW.getEpochSecond() - 9)),
        arguments("fraction of a second", header, more + EXP + ".25}"),
        arguments("other claims", header, more + EXP + ",\"iat\":1,\"x\":[{\"y\":null}]}"),
        arguments("begins within the skew", header, more + EXP + ",\"nbf\":" + (EXP - 291) + "}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void token_as_the_standard_allows_is_accepted(String name, String header, String claims)
      throws Exception {
    JwtSvid svid =
        JwtSvid.verify(token(header, claims, "p256"), List.of("us", "we"), BUNDLES, CLOCK);

    assertThat(svid.id()).hasToString(ID);
  }

  static Stream<Arguments> refused() {
    String good = header("ES256", "p256");
    String more = "{\"sub\":\"" + ID + "\",\"aud\":\"us\",\"exp\":" + EXP;
    String noSubject = "{\"aud\":\"us\",\"exp\":" + EXP + ",\"sub\":";
    return Stream.of(
        row("none", header("none", "p256"), SvidRejection.TOKEN_ALGORITHM, "alg: \"none\""),
        row("HS256", header("HS256", "p256"), SvidRejection.TOKEN_ALGORITHM, "alg: \"HS256\""),
        row("EdDSA", header("EdDSA", "p256"), SvidRejection.TOKEN_ALGORITHM, "alg: \"EdDSA\""),
        row("ES256K", header("ES256K", "p256"), SvidRejection.TOKEN_ALGORITHM, "alg: \"ES256K\""),
        row("es256", header("es256", "p256"), SvidRejection.TOKEN_ALGORITHM, "alg: \"es256\""),
        row("no alg", "{\"kid\":\"p256\"}", SvidRejection.TOKEN_ALGORITHM, "alg: none"),
        row("alg number", "{\"alg\":1}", SvidRejection.TOKEN_ALGORITHM, "alg: none"),
        row("no kid", "{\"alg\":\"ES256\"}", SvidRejection.TOKEN_HEADER, "kid: none"),
        row("empty kid", header("ES256", ""), SvidRejection.TOKEN_HEADER, "kid: none"),
        row("type", good.replace("JWT", "at+jwt"), SvidRejection.TOKEN_HEADER, "typ: \"at+jwt\""),
        row("type case", good.replace("JWT", "jwt"), SvidRejection.TOKEN_HEADER, "typ: \"jwt\""),
        row("crit", with(good, "\"crit\":[\"x\"]"), SvidRejection.TOKEN_HEADER, "\"crit\""),
        row("jku", with(good, "\"jku\":\"https://x/\""), SvidRejection.TOKEN_HEADER, "\"jku\""),
        row("jwk", with(good, "\"jwk\":{}"), SvidRejection.TOKEN_HEADER, "\"jwk\""),
        row("b64", with(good, "\"b64\":false"), SvidRejection.TOKEN_HEADER, "\"b64\""),
        row("alg twice", with(good, "\"alg\":\"none\""), SvidRejection.TOKEN_MALFORMED, "twice"),
        row("header array", "[]", SvidRejection.TOKEN_MALFORMED, "header: no JSON object"),
        row("unknown key", header("ES256", "p999"), SvidRejection.UNTRUSTED, "no key \"p999\""),
        row(
            "key of another trust domain",
            header("ES256", "stranger"),
            SvidRejection.UNTRUSTED,
            "no key \"stranger\""),
        row("not by that key", header("ES384", "p384"), SvidRejection.UNTRUSTED, "signature"),
        row("curve of another", header("ES256", "p384"), SvidRejection.UNTRUSTED, "signature"),
        row("RSA for EC", header("RS256", "p256"), SvidRejection.UNTRUSTED, "signature"),
        row("EC for RSA", header("ES256", "rsa"), SvidRejection.UNTRUSTED, "signature"),
        claim(
            "no sub", "{\"aud\":\"us\",\"exp\":" + EXP + "}", SvidRejection.TOKEN_MALFORMED, "sub"),
        claim("sub number", noSubject + "1}", SvidRejection.TOKEN_MALFORMED, "sub: no string"),
        claim("sub no ID", noSubject + "\"a\"}", SvidRejection.ID_INVALID, "sub: \"a\": scheme"),
        claim("sub case", noSubject + "\"spiffe://TD/a\"}", SvidRejection.ID_INVALID, "'T' at 9"),
        claim("sub root", noSubject + "\"spiffe://td\"}", SvidRejection.ID_WITHOUT_PATH, "names"),
        claim("foreign", noSubject + "\"spiffe://x/a\"}", SvidRejection.NO_BUNDLE, "[other, td]"),
        claim(
            "sub of another trust domain",
            noSubject + "\"spiffe://other/a\"}",
            SvidRejection.UNTRUSTED,
            "spiffe://other/a: no key \"p256\""),
        claim("no aud", more.replace("aud", "AUD") + "}", SvidRejection.TOKEN_MALFORMED, "aud"),
        claim("aud empty", claims("[]", EXP), SvidRejection.TOKEN_MALFORMED, "aud: none"),
        claim("aud number", claims("1", EXP), SvidRejection.TOKEN_MALFORMED, "aud: none"),
        claim("aud null", claims("null", EXP), SvidRejection.TOKEN_MALFORMED, "aud: none"),
        claim("aud mixed", claims("[\"us\",1]", EXP), SvidRejection.TOKEN_MALFORMED, "aud: no str"),
        claim("aud others", claims("\"them\"", EXP), SvidRejection.TOKEN_AUDIENCE, "aud: \"them\""),
        claim("aud case", claims("\"US\"", EXP), SvidRejection.TOKEN_AUDIENCE, "aud: \"US\""),
        claim("no exp", more.replace("exp", "EXP") + "}", SvidRejection.TOKEN_MALFORMED, "exp: m"),
        claim(
            "exp text",
            "{\"sub\":\"" + ID + "\",\"aud\":\"us\",\"exp\":\"" + EXP + "\"}",
            SvidRejection.TOKEN_MALFORMED,
            "exp: no number"),
        claim("exp huge", claims("\"us\"", Long.MAX_VALUE), SvidRejection.TOKEN_MALFORMED, "range"),
        claim(
            "expired", claims("\"us\"", EXP - 310), SvidRejection.EXPIRED, "exp: 2026-03-01T11:5"),
        claim("nbf", more + ",\"nbf\":" + EXP + "}", SvidRejection.NOT_YET_VALID, "nbf: 2026"),
        claim("nbf text", more + ",\"nbf\":\"1\"}", SvidRejection.TOKEN_MALFORMED, "nbf: no num"),
        claim("exp twice", more + ",\"exp\":1}", SvidRejection.TOKEN_MALFORMED, "name twice"),
        claim("no claims", "null", SvidRejection.TOKEN_MALFORMED, "claims: no JSON object"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void token_that_proves_nothing_is_refused(
      String name, String header, String claims, SvidRejection reason, String details)
      throws Exception {
    assertRefused(token(header, claims, "p256"), reason, details);
  }

  static Stream<Arguments> misshapen() throws Exception {
    String good = token(header("ES256", "p256"), claims("\"us\"", EXP), "p256");
    String[] parts = good.split("\\.", -1);
    return Stream.of(
        arguments("empty", "", "1 parts"),
        arguments("two parts", parts[0] + "." + parts[1], "2 parts"),
        arguments("five parts", good + ".a.b", "5 parts"),
        arguments("no signature", parts[0] + "." + parts[1] + ".", "signature: empty"),
        arguments("padding", good + "=", "signature: not base64url"),
        arguments("space", " " + good, "header: not base64url"),
        arguments("Bearer", "Bearer " + good, "header: not base64url"),
        arguments("plus", parts[0] + ".+." + parts[2], "claims: not base64url"),
        arguments("not UTF-8", "_w." + parts[1] + "." + parts[2], "header: not UTF-8"),
        arguments("no JSON", "AA." + parts[1] + "." + parts[2], "header: JSON: no value at 0"),
        arguments("long", "a".repeat(70_000), "70000 characters"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misshapen")
  void token_without_the_shape_is_refused(String name, String token, String details) {
    assertRefused(token, SvidRejection.TOKEN_MALFORMED, details);
  }

  @Test
  void changed_token_is_refused() throws Exception {
    String good = token(header("ES256", "p256"), claims("\"us\"", EXP), "p256");
    String other = token(header("ES256", "p256"), claims("\"us\"", EXP + 1), "p256");

    assertRefused(
        other.substring(0, other.lastIndexOf('.')) + good.substring(good.lastIndexOf('.')),
        SvidRejection.UNTRUSTED,
        "the signature is not by key \"p256\"");
  }

  @Test
  void spoiled_token_is_refused() throws Exception {
    String good = token(header("ES256", "p256"), claims("\"us\"", EXP), "p256");

    Mutations.assertReadOrRefused(
        good,
        ".-_AZaz09+/= \u0000\u00e4",
        3_000,
        SvidRejectedException.class,
        text -> JwtSvid.verify(text, Set.of("us"), BUNDLES, CLOCK));
  }

  @Test
  void own_audience_has_to_be_said() {
    assertThatThrownBy(() -> JwtSvid.verify("x", List.of(), BUNDLES, CLOCK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("audiences: [] (expected: at least one)");
  }

  private static void assertRefused(String token, SvidRejection reason, String details) {
    assertThatThrownBy(() -> JwtSvid.verify(token, Set.of("us"), BUNDLES, CLOCK))
        .isInstanceOfSatisfying(
            SvidRejectedException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(details);
  }

  private static Arguments row(String name, String header, SvidRejection reason, String details) {
    return arguments(name, header, claims("\"us\"", EXP), reason, details);
  }

  private static Arguments claim(String name, String claims, SvidRejection reason, String details) {
    return arguments(name, header("ES256", "p256"), claims, reason, details);
  }

  private static String with(String header, String member) {
    return header.replace("}", "," + member + "}");
  }

  private static String header(String algorithm, String kid) {
    return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}";
  }

  private static String claims(String audience, long expiry) {
    return "{\"sub\":\"" + ID + "\",\"aud\":" + audience + ",\"exp\":" + expiry + "}";
  }

  /** Signed by that key, with the algorithm that is the key's, whatever the header says. */
  private static String token(String header, String claims, String key)
      throws JOSEException, ParseException {
    String input = base64(header) + "." + base64(claims);
    JWSSigner signer =
        PAIRS.get(key).getPrivate() instanceof ECPrivateKey ec
            ? new ECDSASigner(ec)
            : new RSASSASigner(PAIRS.get(key).getPrivate());
    JWSAlgorithm algorithm =
        signer instanceof RSASSASigner
            ? JWSAlgorithm.parse(header.substring(8, 13))
            : signer.supportedJWSAlgorithms().iterator().next();
    return input
        + "."
        + signer.sign(new JWSHeader(algorithm), input.getBytes(StandardCharsets.US_ASCII));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KeyPair pair(String algorithm, String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (curve == null) {
        generator.initialize(2048);
      } else {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
