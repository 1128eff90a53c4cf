package io.meshclient.access;

import static io.meshclient.access.TestTokens.changes;
import static io.meshclient.access.TestTokens.document;
import static io.meshclient.access.TestTokens.outcome;
import static io.meshclient.access.TestTokens.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.istio.Problem;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Istio and Envoy 1.40 make of good tokens, and where they look for them. */
class RequestAuthenticationsTest {
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final TestIssuer OTHER = new TestIssuer();
  private static final String KEYS = TestIssuer.jwks(ISSUER.rsaJwk(",\"kid\":\"k\""));
  private static final String OTHER_KEYS = TestIssuer.jwks(OTHER.rsaJwk(",\"kid\":\"o\""));
  private static final String ALICE = ISSUER.token("{\"iss\":\"a\",\"sub\":\"alice\"}");
  private static final String BOB = ISSUER.token("{\"iss\":\"a\",\"sub\":\"bob\"}");
  private static final String FORM =
      "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
  private static final TokenCheck CHECK = TestTokens.of(KEYS);

  @Test
  void refusal_has_the_status_body_and_header_of_envoy() {
    TokenResult.Refused plain =
        (TokenResult.Refused) CHECK.check(TestRequest.get("/a?b=c").bearer("x"));
    assertThat(plain.status()).isEqualTo(401);
    assertThat(plain.body()).isEqualTo(FORM);
    assertThat(plain.headers())
        .containsExactly(
            new HeaderLine(
                "www-authenticate",
                "Bearer realm=\"http://payment-service:8080/a?b=c\", error=\"invalid_token\""));
    assertThat(plain.reason()).contains("jwt_authn_access_denied{Jwt_is_not_in", "jwt.yaml:");
    String target = "/" + "x".repeat(300);
    TokenResult.Refused cut =
        (TokenResult.Refused) CHECK.check(TestRequest.secured(target).bearer("x"));
    assertThat(cut.headers().get(0).value())
        .startsWith("Bearer realm=\"https://payment-service:8080/" + "x".repeat(255) + "\"");
  }

  static Stream<Arguments> algorithms() {
    return Stream.of(
        arguments("RS256", ISSUER.rsaJwk("")),
        arguments("RS384", ISSUER.rsaJwk("")),
        arguments("RS512", ISSUER.rsaJwk(",\"alg\":\"RS512\"")),
        arguments("PS256", ISSUER.rsaJwk("")),
        arguments("PS384", ISSUER.rsaJwk(",\"alg\":\"PS384\"")),
        arguments("PS512", ISSUER.rsaJwk("")),
        arguments("ES256", ISSUER.ecJwk("")),
        arguments("ES384", ISSUER.ec384Jwk(",\"alg\":\"ES384\"")),
        arguments("HS256", TestIssuer.octJwk("")),
        arguments("HS384", TestIssuer.octJwk(",\"alg\":\"HS384\"")),
        arguments("HS512", TestIssuer.octJwk("")),
        arguments("EdDSA", ISSUER.edJwk("")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("algorithms")
  void algorithm_of_envoys_is_taken(String algorithm, String jwk) {
    TokenCheck check = TestTokens.of(TestIssuer.jwks(OTHER.rsaJwk(""), jwk));
    String token = ISSUER.signed(algorithm, "{\"iss\":\"a\",\"sub\":\"s\"}");
    assertThat(outcome(check, TestRequest.get("/").bearer(token))).isEqualTo("passed a/s");
    String changed = token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86);
    assertThat(outcome(check, TestRequest.get("/").bearer(changed)))
        .isEqualTo("Jwt verification fails");
  }

  @Test
  void ed25519_signature_of_another_length_is_told() {
    TokenCheck check = TestTokens.of(TestIssuer.jwks(ISSUER.edJwk("")));
    assertThat(outcome(check, TestRequest.get("/").bearer(ALICE)))
        .isEqualTo("Jwt ED25519 signature is wrong length");
  }

  @Test
  void key_without_id_serves_every_token_and_token_without_id_every_key() {
    String noId = ISSUER.token("{\"alg\":\"RS256\"}", "{\"iss\":\"a\",\"sub\":\"s\"}");
    assertThat(outcome(CHECK, TestRequest.get("/").bearer(noId))).isEqualTo("passed a/s");
    TokenCheck bare = TestTokens.of(TestIssuer.jwks(OTHER.rsaJwk(""), ISSUER.rsaJwk("")));
    assertThat(outcome(bare, TestRequest.get("/").bearer(ALICE))).isEqualTo("passed a/alice");
  }

  static Stream<Arguments> places() {
    return Stream.of(
        arguments(TestRequest.get("/").bearer(ALICE), "passed a/alice"),
        arguments(TestRequest.get("/?access_token=" + ALICE), "passed a/alice"),
        arguments(TestRequest.get("/?access%5ftoken=" + ALICE), "passed a/alice"),
        arguments(TestRequest.get("/?access_token=" + ALICE.replace(".", "%2e")), "passed a/alice"),
        arguments(TestRequest.get("/?access_token=" + ALICE + "&access_token=x"), "passed a/alice"),
        arguments(TestRequest.get("/").bearer("  " + ALICE), "passed a/alice"),
        arguments(TestRequest.get("/").bearer("." + ALICE + "."), "passed a/alice"),
        arguments(TestRequest.get("/").bearer(ALICE.replace(".", "..")), "passed a/alice"),
        arguments(
            TestRequest.get("/")
                .bearer(
                    ALICE.substring(0, ALICE.length() - 9)
                        + " \t"
                        + ALICE.substring(ALICE.length() - 9)),
            "passed a/alice"),
        arguments(
            TestRequest.get("/").header("authorization", "xBearer " + ALICE), "passed a/alice"),
        arguments(
            TestRequest.get("/").header("authorization", "Basic e", "Bearer " + ALICE),
            "passed a/alice"),
        arguments(TestRequest.get("/").header("authorization", "bearer " + ALICE), "passed"),
        arguments(TestRequest.get("/").header("authorization", "Bearer\t" + ALICE), "passed"),
        arguments(TestRequest.get("/").header("authorization", "Bearer"), "passed"),
        arguments(TestRequest.get("/").header("authorization", "Bearer !!!"), FORM),
        arguments(TestRequest.get("/").header("authorization", "Bearer "), FORM),
        arguments(
            TestRequest.get("/").header("authorization", "Bearer " + ALICE, "Bearer " + ALICE),
            FORM),
        arguments(TestRequest.get("/?ACCESS_TOKEN=x"), "passed"),
        arguments(TestRequest.get("/?access_token"), FORM),
        arguments(TestRequest.get("/"), "passed"));
  }

  @ParameterizedTest
  @MethodSource("places")
  void token_is_found_where_envoy_looks(InboundRequest request, String outcome) {
    assertThat(outcome(CHECK, request)).isEqualTo(outcome);
  }

  @Test
  void places_that_are_named_take_the_place_of_the_usual_ones() {
    TokenCheck check =
        TestTokens.of(
            KEYS,
            "fromHeaders: [{name: X-Jwt, prefix: 'Token '}, {name: x-bare}]",
            "fromParams: [tok]",
            "fromCookies: [session]");
    assertThat(outcome(check, TestRequest.get("/").bearer("x"))).isEqualTo("passed");
    assertThat(outcome(check, TestRequest.get("/").header("x-jwt", "Token " + ALICE)))
        .isEqualTo("passed a/alice");
    assertThat(outcome(check, TestRequest.get("/").header("x-jwt", ALICE))).isEqualTo("passed");
    assertThat(outcome(check, TestRequest.get("/").header("x-bare", ALICE)))
        .isEqualTo("passed a/alice");
    assertThat(outcome(check, TestRequest.get("/").header("x-bare", ""))).isEqualTo(FORM);
    assertThat(outcome(check, TestRequest.get("/").header("cookie", "a=b; session=" + ALICE)))
        .isEqualTo("passed a/alice");
    assertThat(outcome(check, TestRequest.get("/").header("cookie", "session=\"" + ALICE + "\"")))
        .isEqualTo("passed a/alice");
    assertThat(
            outcome(
                check,
                TestRequest.get("/").header("cookie", "x", "session=" + ALICE + ";session=x")))
        .isEqualTo("passed a/alice");
  }

  @Test
  void header_and_parameter_are_taken_out_and_a_cookie_is_not() {
    TokenCheck check =
        TestTokens.of(
            KEYS, "fromHeaders: [{name: x-jwt}]", "fromParams: [tok]", "fromCookies: [session]");
    RequestChanges header = changes(check, TestRequest.get("/?x=1").header("x-jwt", ALICE));
    assertThat(header).isEqualTo(new RequestChanges(null, Set.of("x-jwt"), List.of()));
    assertThat(changes(check, TestRequest.get("/").header("cookie", "session=" + ALICE)).isNone())
        .isTrue();
    assertThat(changes(check, TestRequest.get("/").header("authorization", "x")).isNone()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/q?access_token=T, /q",
    "/q?z=1&access_token=T&b=2&a, /q?a=&b=2&z=1",
    "/q?access_token=T&access_token=x, /q",
    "/q?access_token=T&x=%zz&y=%4, /q?x=%zz&y=%4",
    "/q?b&a&b=1&access_token=T, /q?a=&b=&b=1",
    "/q?access_token=T&x=a+b, /q?x=a+b",
    "/q?access_token=T&x=%26y%3D1%0d%0a, /q?x=%26y%3D1%0d%0a"
  })
  void parameter_is_taken_out_and_the_others_stay(String sent, String goesOn) {
    assertThat(changes(CHECK, TestRequest.get(sent.replace("T", ALICE))).target())
        .isEqualTo(goesOn);
  }

  @Test
  void original_token_goes_on_where_that_is_said() {
    TokenCheck check = TestTokens.of(KEYS, "forwardOriginalToken: true");
    assertThat(changes(check, TestRequest.get("/?access_token=" + ALICE).bearer(ALICE)).isNone())
        .isTrue();
  }

  @Test
  void several_tokens_of_one_place_have_all_to_be_good_and_the_first_counts() {
    TokenCheck check =
        TestTokens.of(
            KEYS,
            "fromHeaders: [{name: x-jwt}]",
            "outputClaimToHeaders: [{header: x-sub, claim: sub}]");
    TestRequest both = TestRequest.get("/").header("x-jwt", ALICE, BOB);
    assertThat(outcome(check, both)).isEqualTo("passed a/alice");
    assertThat(changes(check, both).added())
        .containsExactly(new HeaderLine("x-sub", "bob"), new HeaderLine("x-sub", "alice"));
    assertThat(outcome(check, TestRequest.get("/").header("x-jwt", ALICE, "x"))).isEqualTo(FORM);
    assertThat(outcome(check, TestRequest.get("/").header("x-jwt", "x", ALICE))).isEqualTo(FORM);
  }

  @ParameterizedTest
  @CsvSource({
    "payments, payments, true",
    "payments, https://payments/, true",
    "https://payments/, payments, true",
    "http://payments, https://payments/, true",
    "payments, payments//, false",
    "payments, Payments, false",
    "payments, ftp://payments, false"
  })
  void audience_counts_without_scheme_and_last_slash(String allowed, String sent, boolean good) {
    TokenCheck check = TestTokens.of(KEYS, "audiences: ['" + allowed + "']");
    String token = ISSUER.token("{\"iss\":\"a\",\"aud\":[\"x\",\"" + sent + "\"]}");
    TokenResult result = check.check(TestRequest.get("/").bearer(token));
    if (good) {
      assertThat(result).isInstanceOf(TokenResult.Passed.class);
    } else {
      TokenResult.Refused refused = (TokenResult.Refused) result;
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).isEqualTo("Audiences in Jwt are not allowed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | 3",
        "-3 | -3.000000",
        "3.5 | 3.500000",
        "1e20 | 100000000000000000000.000000",
        "12345678901234567890 | 12345678901234567168",
        "123456789012345678 | 123456789012345680",
        "0 | 0",
        "1e-7 | 0.000000",
        "true | true",
        "false | false",
        "\"text\" | text",
        "\"\u00e9\" | \u00c3\u00a9",
        "[\"a\",\"b\"] | WyJhIiwiYiJd",
        "[] | W10=",
        "{} | e30=",
        "{\"b\":1,\"a\":[]} | eyJiIjoxLCJhIjpbXX0=",
        "[1,2.5,-3,\"<a>\",null,true] | WzEsMi41LC0zLCJcdTAwM2NhXHUwMDNlIixudWxsLHRydWVd"
      })
  void claim_becomes_a_header_as_envoy_writes_it(String claim, String value) {
    TokenCheck check =
        TestTokens.of(KEYS, "outputClaimToHeaders: [{header: X-Claim, claim: in.v}]");
    String token = ISSUER.token("{\"iss\":\"a\",\"in\":{\"v\":" + claim + "}}");
    assertThat(changes(check, TestRequest.get("/").bearer(token)).added())
        .containsExactly(new HeaderLine("x-claim", value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"in\":{\"v\":null}", "\"in\":{\"v\":\"\"}", "\"in.v\":\"x\"", "\"in\":\"v\""})
  void claim_that_says_nothing_becomes_no_header(String claims) {
    TokenCheck check =
        TestTokens.of(KEYS, "outputClaimToHeaders: [{header: x-claim, claim: in.v}]");
    String token = ISSUER.token("{\"iss\":\"a\"," + claims + "}");
    assertThat(changes(check, TestRequest.get("/").bearer(token)).added()).isEmpty();
  }

  @Test
  void header_that_is_written_from_tokens_is_never_the_clients() {
    TokenCheck check =
        TestTokens.compile(
                document(
                    "jwt",
                    "production",
                    rule("a", KEYS, "outputPayloadToHeader: x-payload")
                        + rule(
                            "b",
                            OTHER_KEYS,
                            "outputClaimToHeaders: [{header: x-sub, claim: sub}]")))
            .check();
    TestRequest none = TestRequest.get("/").header("x-payload", "forged").header("x-sub", "root");
    assertThat(changes(check, none).removed()).containsExactlyInAnyOrder("x-payload", "x-sub");
    RequestChanges with = changes(check, none.bearer(ALICE));
    assertThat(with.removed()).contains("x-payload", "x-sub", "authorization");
    assertThat(with.added()).containsExactly(new HeaderLine("x-payload", ALICE.split("\\.")[1]));
    TestRequest preflight =
        TestRequest.options("/")
            .header("origin", "x")
            .header("access-control-request-method", "PUT")
            .header("x-sub", "root");
    assertThat(changes(check, preflight).removed()).containsExactly("x-sub");
  }

  @Test
  void preflight_is_let_past_whatever_token_it_has() {
    TestRequest preflight = TestRequest.options("/").header("origin", "x").bearer("x");
    assertThat(outcome(CHECK, preflight)).isEqualTo(FORM);
    assertThat(outcome(CHECK, preflight.header("access-control-request-method", "PUT")))
        .isEqualTo("passed");
  }

  @Test
  void issuers_are_asked_in_order_and_the_first_content_one_ends_it() {
    TokenCheck check =
        TestTokens.compile(
                document("z", "istio-system", rule("b", OTHER_KEYS))
                    + document("y", "production", rule("a", KEYS))
                    + document("x", "staging", rule("c", OTHER_KEYS)))
            .check();
    String bob = OTHER.token("{\"alg\":\"RS256\"}", "{\"iss\":\"b\",\"sub\":\"bob\"}");
    assertThat(outcome(check, TestRequest.get("/").bearer(ALICE))).isEqualTo("passed a/alice");
    assertThat(outcome(check, TestRequest.get("/").bearer(bob))).isEqualTo("passed b/bob");
    assertThat(outcome(check, TestRequest.get("/").bearer(OTHER.token("{\"iss\":\"c\"}"))))
        .isEqualTo("Jwt issuer is not configured");
    String forged = OTHER.token("{\"alg\":\"RS256\"}", "{\"iss\":\"a\",\"sub\":\"alice\"}");
    assertThat(outcome(check, TestRequest.get("/").bearer(forged)))
        .isEqualTo("Jwt verification fails");
    // "b" takes its own token out, so that "a" is content when all are asked once more.
    assertThat(outcome(check, TestRequest.get("/?access_token=" + bob).bearer(ALICE)))
        .isEqualTo("passed a/alice");
    assertThat(outcome(check, TestRequest.get("/"))).isEqualTo("passed");
  }

  @Test
  void document_of_others_does_not_count() {
    String rules = rule("a", KEYS);
    String elsewhere = document("jwt", "staging", rules);
    String selecting =
        document("jwt", "production", rules)
            .replace("spec:", "spec:\n  selector: {matchLabels: {app: web}}");
    String attached =
        document("jwt", "production", rules)
            .replace(
                "spec:",
                "spec:\n  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: g}]");
    for (String yaml : List.of(elsewhere, selecting, attached, document("jwt", "production", ""))) {
      assertThat(outcome(TestTokens.compile(yaml).check(), TestRequest.get("/").bearer("x")))
          .isEqualTo("passed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | JSON: no value at 0",
        "{} | no JWK Set (expected: an object with an array \"keys\")",
        "{\"keys\":[]} | no key that can be used",
        "{\"keys\":[{\"kty\":\"xyz\"}]} | no key that can be used: keys[0]: kty: \"xyz\" (expected: RSA, EC, oct or OKP)"
      })
  void keys_that_cannot_be_read_are_a_problem_and_no_token_is_good(String jwks, String why) {
    RequestAuthentications.Compiled compiled =
        TestTokens.compile(document("jwt", "production", rule("a", jwks)));
    assertThat(compiled.problems())
        .extracting(Problem::toString)
        .containsExactly("MESH0310 jwt.yaml:7 jwtRules[0].jwks: " + why);
    assertThat(outcome(compiled.check(), TestRequest.get("/").bearer(ALICE)))
        .isEqualTo("Jwks doesn't have any valid public key");
    assertThat(outcome(compiled.check(), TestRequest.get("/"))).isEqualTo("passed");
  }

  @Test
  void key_that_cannot_be_used_is_passed_over_and_told() {
    RequestAuthentications.Compiled compiled =
        TestTokens.compile(
            document(
                "jwt",
                "production",
                rule("a", TestIssuer.jwks("{\"kty\":\"EC\",\"crv\":\"P-1\"}", ISSUER.rsaJwk("")))));
    assertThat(compiled.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "MESH0311 jwt.yaml:7 jwtRules[0].jwks: keys[0]: crv: \"P-1\" (expected: P-256, P-384 or"
                + " P-521)");
    assertThat(outcome(compiled.check(), TestRequest.get("/").bearer(ALICE)))
        .isEqualTo("passed a/alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jwksUri: ftp://keys/", "jwksUri: 'file:///etc/passwd'", ""})
  void keys_that_cannot_be_fetched_are_a_problem_and_no_token_is_good(String field) {
    RequestAuthentications.Compiled compiled =
        TestTokens.compile(document("jwt", "production", rule("a", "", field)));
    assertThat(compiled.problems()).extracting(Problem::code).containsExactly("MESH0312");
    assertThat(outcome(compiled.check(), TestRequest.get("/").bearer(ALICE)))
        .isEqualTo("Jwt verification fails");
  }
}
