package io.meshclient.access;

import static io.meshclient.access.TestIssuer.base64;
import static io.meshclient.access.TestTokens.NOW;
import static io.meshclient.access.TestTokens.outcome;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What forgers try. The words are those that Envoy 1.40 answers with to the same tokens, where
 * nothing else is said.
 */
class TokenAttacksTest {
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final TestIssuer STRANGER = new TestIssuer();
  private static final String PAYLOAD = "{\"iss\":\"a\",\"sub\":\"root\"}";

  private static final String FORM =
      "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
  private static final String NO_KEY = "Jwks doesn't have key to match kid or alg from Jwt";
  private static final String FAILS = "Jwt verification fails";
  private static final String SIGNATURE = "Jwt signature is an invalid Base64url encoded";
  private static final String HEADER = "Jwt header is an invalid Base64url encoded";
  private static final String JSON = "Jwt payload is an invalid JSON";

  /** Keys that say what they are for, as most issuers' do. */
  private static final TokenCheck NAMED =
      TestTokens.of(
          TestIssuer.jwks(
              ISSUER.rsaJwk(",\"kid\":\"k\",\"alg\":\"RS256\""),
              ISSUER.ecJwk(",\"kid\":\"e\",\"alg\":\"ES256\"")));

  /** Keys that leave it to the token. */
  private static final TokenCheck BARE =
      TestTokens.of(TestIssuer.jwks(ISSUER.rsaJwk(""), ISSUER.ecJwk("")));

  private static String unsigned(String header) {
    return base64(header.getBytes(UTF_8)) + "." + base64(PAYLOAD.getBytes(UTF_8)) + ".";
  }

  private static void refused(TokenCheck check, String token, String why) {
    assertThat(outcome(check, TestRequest.get("/").bearer(token))).isEqualTo(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "none ", "", "\\u006eone"})
  void algorithm_none_is_refused_in_every_spelling(String spelling) {
    String header = "{\"alg\":\"" + spelling + "\"}";
    refused(NAMED, unsigned(header), FORM);
    refused(NAMED, unsigned(header) + "AA", "Jwt header [alg] is not supported");
    refused(BARE, unsigned(header) + "AA", "Jwt header [alg] is not supported");
  }

  @Test
  void algorithm_that_is_no_string_is_refused() {
    for (String value : new String[] {"null", "[\"RS256\"]", "256", "{}", "true"}) {
      refused(
          NAMED,
          unsigned("{\"alg\":" + value + "}") + "AA",
          "Jwt header [alg] field is required and must be a string");
    }
  }

  static Stream<Arguments> publicKeysAsSecrets() {
    RSAPublicKey key = (RSAPublicKey) ISSUER.rsa.getPublic();
    byte[] der = key.getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    return Stream.of(
        arguments("PEM", pem.getBytes(US_ASCII)),
        arguments("PEM without its last line end", pem.strip().getBytes(US_ASCII)),
        arguments("DER", der),
        arguments("modulus", key.getModulus().toByteArray()),
        arguments("JWK", ISSUER.rsaJwk("").getBytes(US_ASCII)),
        arguments("nothing but a zero", new byte[] {0}),
        arguments("the point", ((ECPublicKey) ISSUER.ec.getPublic()).getEncoded()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("publicKeysAsSecrets")
  void hmac_by_a_public_key_is_refused(String name, byte[] secret) {
    for (String algorithm : new String[] {"HS256", "HS384", "HS512"}) {
      String signed =
          base64(("{\"alg\":\"" + algorithm + "\"}").getBytes(UTF_8))
              + "."
              + base64(PAYLOAD.getBytes(UTF_8));
      String token = signed + "." + base64(TestIssuer.hmac(algorithm, secret, signed));
      refused(NAMED, token, NO_KEY);
      refused(BARE, token, FAILS);
    }
  }

  @Test
  void signature_by_the_key_with_another_algorithm_in_the_header_is_refused() {
    for (String algorithm : new String[] {"ES256", "HS256", "EdDSA", "PS256", "RS384", "ES384"}) {
      String token = ISSUER.token("{\"alg\":\"" + algorithm + "\"}", PAYLOAD);
      refused(BARE, token, FAILS);
    }
  }

  static Stream<String> keyIds() {
    return Stream.of(
        "../../../../dev/null",
        "/etc/passwd",
        "k' UNION SELECT 'x' --",
        "k\\u0000",
        "K",
        "k ",
        "k\\u202e",
        "\\uff4b",
        "k".repeat(20_000),
        "http://attacker.test/jwks.json");
  }

  @ParameterizedTest
  @MethodSource("keyIds")
  void key_id_of_no_key_is_refused(String keyId) {
    refused(NAMED, ISSUER.token("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}", PAYLOAD), NO_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "null", "[\"k\"]", "{\"k\":1}", "true"})
  void key_id_that_is_no_string_is_refused(String keyId) {
    refused(
        NAMED,
        ISSUER.token("{\"alg\":\"RS256\",\"kid\":" + keyId + "}", PAYLOAD),
        "Jwt header [kid] field is not a string");
  }

  static Stream<String> headersWithKeys() {
    return Stream.of(
        "\"jku\":\"http://127.0.0.1:1/jwks.json\"",
        "\"x5u\":\"http://127.0.0.1:1/cert.pem\"",
        "\"jwk\":" + STRANGER.rsaJwk(""),
        "\"x5c\":[\""
            + Base64.getEncoder().encodeToString(STRANGER.rsa.getPublic().getEncoded())
            + "\"]");
  }

  @ParameterizedTest
  @MethodSource("headersWithKeys")
  void key_that_the_token_brings_along_is_not_believed(String member) {
    String header = "{\"alg\":\"RS256\",\"kid\":\"k\"," + member + "}";
    refused(NAMED, STRANGER.token(header, PAYLOAD), FAILS);
    refused(BARE, STRANGER.token(header, PAYLOAD), FAILS);
  }

  @Test
  void payload_or_header_that_was_changed_is_refused() {
    String[] good = ISSUER.token("{\"iss\":\"a\",\"sub\":\"guest\"}").split("\\.");
    refused(NAMED, good[0] + "." + base64(PAYLOAD.getBytes(UTF_8)) + "." + good[2], FAILS);
    String header = base64("{\"alg\":\"RS256\", \"kid\":\"k\"}".getBytes(UTF_8));
    refused(NAMED, header + "." + good[1] + "." + good[2], FAILS);
  }

  @Test
  void signature_that_is_missing_is_refused() {
    String[] good = ISSUER.token(PAYLOAD).split("\\.");
    refused(NAMED, good[0] + "." + good[1], FORM);
    refused(NAMED, good[0] + "." + good[1] + ".", FORM);
    refused(NAMED, good[0] + "." + good[1] + ". ", FAILS);
    refused(NAMED, good[0] + "." + good[1] + ".AA", FAILS);
    refused(NAMED, good[0] + "." + good[1] + "." + "A".repeat(342), FAILS);
  }

  @Test
  void ecdsa_with_zeros_or_the_order_is_refused() {
    String signed = signedPart("ES256", "e");
    byte[] order = new byte[64];
    byte[] n = ((ECPublicKey) ISSUER.ec.getPublic()).getParams().getOrder().toByteArray();
    System.arraycopy(n, n.length - 32, order, 0, 32);
    System.arraycopy(n, n.length - 32, order, 32, 32);
    for (byte[] signature : new byte[][] {new byte[64], new byte[0x40 * 2], new byte[2], order}) {
      refused(NAMED, signed + "." + base64(signature), FAILS);
      refused(BARE, signed + "." + base64(signature), FAILS);
    }
  }

  @Test
  void ecdsa_in_the_form_of_certificates_is_refused() {
    String signed = signedPart("ES256", "e");
    byte[] der = TestIssuer.sign("SHA256withECDSA", ISSUER.ec.getPrivate(), signed);
    refused(NAMED, signed + "." + base64(der), FAILS);
  }

  @Test
  void signature_by_another_curve_is_refused() {
    String signed = signedPart("ES256", "e");
    byte[] other =
        TestIssuer.sign("SHA256withECDSAinP1363Format", ISSUER.ec384.getPrivate(), signed);
    refused(NAMED, signed + "." + base64(other), FAILS);
    TokenCheck larger = TestTokens.of(TestIssuer.jwks(ISSUER.ec384Jwk("")));
    refused(larger, signed + "." + base64(other), FAILS);
  }

  private static String signedPart(String algorithm, String keyId) {
    String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\"}";
    return base64(header.getBytes(UTF_8)) + "." + base64(PAYLOAD.getBytes(UTF_8));
  }

  @Test
  void huge_token_is_refused_without_a_look_inside() {
    refused(NAMED, "A".repeat(1 << 20), FORM);
    refused(NAMED, ISSUER.token("{\"iss\":\"a\",\"x\":\"" + "y".repeat(1 << 20) + "\"}"), FORM);
    refused(NAMED, ".".repeat(1 << 20), FORM);
  }

  @Test
  void deep_nesting_is_refused() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    refused(NAMED, ISSUER.token("{\"iss\":\"a\",\"x\":" + deep + "}"), JSON);
    refused(NAMED, ISSUER.token("{\"iss\":\"a\",\"x\":" + "{\"x\":".repeat(5_000) + "1"), JSON);
    refused(NAMED, unsigned("{\"alg\":" + deep + "}") + "AA", "Jwt header is an invalid JSON");
  }

  @Test
  void thousands_of_claims_are_read() {
    StringBuilder payload = new StringBuilder("{\"iss\":\"a\",\"sub\":\"s\"");
    IntStream.range(0, 3_000).forEach(i -> payload.append(",\"c" + i + "\":" + i));
    String token = ISSUER.token(payload.append('}').toString());
    assertThat(outcome(NAMED, TestRequest.get("/").bearer(token))).isEqualTo("passed a/s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"iss\":\"b\",\"iss\":\"a\"}",
        "{\"iss\":\"a\",\"x\":1,\"x\":2}",
        "{\"iss\":\"a\"}{}",
        "{\"iss\":\"a\"}//",
        "[\"iss\",\"a\"]",
        "\"a\"",
        "null",
        "{\"iss\":\"a\",\"x\":NaN}",
        "{\"iss\":\"a\",\"x\":01}",
        "{\"iss\":\"a\",\"x\":\"\\ud800\"}",
        "\ufeff{\"iss\":\"a\"}",
        ""
      })
  void payload_that_readers_take_in_several_ways_is_refused(String payload) {
    refused(NAMED, ISSUER.token(payload), payload.isEmpty() ? FORM : JSON);
  }

  /** Envoy reads these; here they are no JSON either, which only an issuer could mind. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"iss\":\"a\",}", "{'iss':'a'}", "{iss:\"a\"}"})
  void payload_that_is_almost_json_is_refused(String payload) {
    refused(NAMED, ISSUER.token(payload), JSON);
  }

  @Test
  void payload_that_is_not_utf8_is_refused() {
    String signed =
        base64("{\"alg\":\"RS256\"}".getBytes(UTF_8))
            + "."
            + base64("{\"iss\":\"\u00e4\"}".getBytes(ISO_8859_1));
    byte[] signature = TestIssuer.sign("SHA256withRSA", ISSUER.rsa.getPrivate(), signed);
    refused(NAMED, signed + "." + base64(signature), JSON);
  }

  static Stream<Arguments> claims() {
    String notYet = "Jwt not yet valid";
    String expired = "Jwt is expired";
    return Stream.of(
        arguments("'exp':'9999999999'", "Jwt payload [exp] field is not an integer"),
        arguments("'exp':null", "Jwt payload [exp] field is not an integer"),
        arguments("'exp':[9999999999]", "Jwt payload [exp] field is not an integer"),
        arguments("'exp':-1", "Jwt payload [exp] field is not a positive 64 bit integer"),
        arguments("'exp':-0.5", "Jwt payload [exp] field is not a positive 64 bit integer"),
        arguments("'exp':1e30", "Jwt payload [exp] field is not a positive 64 bit integer"),
        arguments("'exp':1e999", "Jwt payload [exp] field is not a positive 64 bit integer"),
        arguments("'exp':1", expired),
        arguments("'exp':" + (NOW - 61), expired),
        arguments("'exp':" + (NOW - 60.5), expired),
        arguments("'exp':" + (NOW - 60), "passed a/null"),
        arguments("'exp':9223372036854775808", "passed a/null"),
        arguments("'exp':0", "passed a/null"),
        arguments("'nbf':" + (NOW + 61), notYet),
        arguments("'nbf':1e19", notYet),
        arguments("'nbf':" + (NOW + 60), "passed a/null"),
        arguments("'nbf':'0'", "Jwt payload [nbf] field is not an integer"),
        arguments("'nbf':-1", "Jwt payload [nbf] field is not a positive 64 bit integer"),
        arguments("'iat':'x'", "Jwt payload [iat] field is not an integer"),
        arguments("'iat':-1", "Jwt payload [iat] field is not a positive 64 bit integer"),
        arguments("'iat':" + (NOW + 9999), "passed a/null"),
        arguments("'jti':7", "Jwt payload [jti] field is not a string"),
        arguments("'sub':1", "Jwt payload [sub] field is not a string"),
        arguments("'sub':null", "Jwt payload [sub] field is not a string"),
        arguments("'aud':1", "Jwt payload [aud] field is not a string or string list"),
        arguments("'aud':{}", "Jwt payload [aud] field is not a string or string list"),
        arguments("'aud':['x',1]", "Jwt payload [aud] field is not a string or string list"),
        arguments("'aud':[]", "passed a/null"));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void claim_of_an_odd_kind_is_taken_as_envoy_does(String claim, String outcome) {
    String token = ISSUER.token("{\"iss\":\"a\"," + claim.replace('\'', '"') + "}");
    refused(NAMED, token, outcome);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "a ", " a", "a/", "\u0430", "a\\u0000", "\\uff41", "b", ""})
  void issuer_that_only_looks_like_it_is_refused(String issuer) {
    refused(NAMED, ISSUER.token("{\"iss\":\"" + issuer + "\"}"), "Jwt issuer is not configured");
  }

  @Test
  void issuer_that_is_no_string_is_refused() {
    for (String value : new String[] {"[\"a\"]", "null", "{\"a\":1}"}) {
      refused(
          NAMED,
          ISSUER.token("{\"iss\":" + value + "}"),
          "Jwt payload [iss] field is not a string");
    }
    refused(NAMED, ISSUER.token("{}"), "Jwt issuer is not configured");
  }

  @Test
  void base64_of_other_alphabets_and_garbage_is_refused() {
    String good = ISSUER.token("{\"iss\":\"a\",\"x\":\"\u00fb\u00ff?>~\"}");
    String[] parts = good.split("\\.");
    refused(NAMED, good + "!", SIGNATURE);
    refused(NAMED, good + ",", SIGNATURE);
    refused(NAMED, good + "=", SIGNATURE);
    refused(NAMED, good + " x", FAILS);
    refused(NAMED, good + ".x", FORM);
    refused(NAMED, good + "." + good, FORM);
    refused(NAMED, parts[0] + "+/." + parts[1] + "." + parts[2], HEADER);
    refused(NAMED, parts[0] + "." + parts[1] + "." + parts[2].substring(4), FAILS);
    refused(
        NAMED, parts[0] + "." + parts[1] + "=.x", "Jwt payload is an invalid Base64url encoded");
  }

  @Test
  void good_token_beside_a_bad_one_is_refused() {
    String good = ISSUER.token(PAYLOAD);
    String other = STRANGER.token(PAYLOAD);
    assertThat(outcome(NAMED, TestRequest.get("/?access_token=" + other).bearer(good)))
        .isEqualTo(FAILS);
    assertThat(outcome(NAMED, TestRequest.get("/?access_token=" + good).bearer(other)))
        .isEqualTo(FAILS);
    assertThat(outcome(NAMED, TestRequest.get("/?access_token=").bearer(good))).isEqualTo(FORM);
    assertThat(
            outcome(
                NAMED,
                TestRequest.get("/").header("authorization", "Bearer " + good, "Bearer " + other)))
        .isEqualTo(FORM);
    assertThat(
            outcome(
                NAMED, TestRequest.get("/").header("authorization", "Bearer x, Bearer " + good)))
        .isEqualTo(HEADER);
  }

  @Test
  void claim_with_line_ends_does_not_become_a_header() {
    TokenCheck check =
        TestTokens.of(
            TestIssuer.jwks(ISSUER.rsaJwk("")),
            "outputClaimToHeaders: [{header: x-name, claim: name}]");
    for (String name : new String[] {"a\\r\\nx-evil: 1", "a\\nb", "a\\u0000b", "a\\u007fb"}) {
      String token = ISSUER.token("{\"iss\":\"a\",\"name\":\"" + name + "\"}");
      assertThat(TestTokens.changes(check, TestRequest.get("/").bearer(token)).added()).isEmpty();
    }
  }

  @Test
  void refusal_shows_nothing_of_the_token() {
    String token = STRANGER.token("{\"iss\":\"a\",\"sub\":\"confidential\"}");
    assertThat(NAMED.check(TestRequest.get("/").bearer(token)).toString())
        .doesNotContain("confidential", token);
  }
}
