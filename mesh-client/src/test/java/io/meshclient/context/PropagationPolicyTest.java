package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropagationPolicyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-request-id",
        "X-Canary",
        "x-user-id",
        "baggage",
        "traceparent",
        "tracestate",
        "b3",
        "X-B3-TraceId",
        "x-b3-spanid",
        "x-b3-parentspanid",
        "x-b3-sampled",
        "x-b3-flags",
        "x-ot-span-context",
        "x-cloud-trace-context",
        "grpc-trace-bin",
        "x-datadog-trace-id",
        "x-datadog-parent-id",
        "x-datadog-sampling-priority",
        "sw8",
        "x-client-trace-id",
        "x-envoy-force-trace"
      })
  void defaults_take(String name) {
    assertThat(PropagationPolicy.defaults().takes(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"authorization", "cookie", "jwt", "x-tenant", "host", "user-agent", "accept", ""})
  void defaults_doNotTake(String name) {
    assertThat(PropagationPolicy.defaults().takes(name)).isFalse();
  }

  @Test
  void allow_namesAndPrefixes() {
    PropagationPolicy policy = PropagationPolicy.builder().allow("X-Tenant", "x-feature-*").build();
    assertThat(policy.takes("x-tenant")).isTrue();
    assertThat(policy.takes("X-Feature-Search")).isTrue();
    assertThat(policy.takes("x-tenant-2")).isFalse();
    assertThat(policy.takes("x-featured")).isFalse();
    assertThat(policy.takes("x-canary")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-jwt-assertion",
        "x-auth-token",
        "x-secret",
        "x-api-key",
        "x-forwarded-client-cert",
        "x-token"
      })
  void prefix_takesNoCredentials(String name) {
    PropagationPolicy policy = PropagationPolicy.builder().allow("x-*").build();
    assertThat(policy.takes(name)).isFalse();
    assertThat(policy.takes("x-tokens-used")).isTrue();
  }

  @Test
  void prefix_takesNothingBoundToOneConnection() {
    PropagationPolicy policy = PropagationPolicy.builder().allow("c*", "t*", "p*").build();
    assertThat(policy.takes("connection")).isFalse();
    assertThat(policy.takes("content-length")).isFalse();
    assertThat(policy.takes("te")).isFalse();
    assertThat(policy.takes("proxy-authorization")).isFalse();
    assertThat(policy.takes("priority")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "connection     | a header that is not bound to one connection or message",
        "Keep-Alive     | a header that is not bound to one connection or message",
        "proxy-*        | a header that is not bound to one connection or message",
        "TE             | a header that is not bound to one connection or message",
        "trailer        | a header that is not bound to one connection or message",
        "upgrade        | a header that is not bound to one connection or message",
        "host           | a header that is not bound to one connection or message",
        "content-type   | a header that is not bound to one connection or message",
        "expect         | a header that is not bound to one connection or message",
        "Authorization  | a credential only for a destination, allowFor",
        "cookie         | a credential only for a destination, allowFor",
        "x-jwt-payload  | a credential only for a destination, allowFor",
        "x tenant       | a header name, RFC 9110 section 5.1",
        "*              | a prefix before the *",
        "x-*-id         | * at the end only"
      })
  void allow_whatMayNotTravel_isRefused(String pattern, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PropagationPolicy.builder().allow(pattern))
        .withMessageContaining(pattern.toLowerCase(Locale.ROOT))
        .withMessageContaining("(expected: " + expected + ")");
  }

  @Test
  void deny_oneNameOutOfAPrefix() {
    PropagationPolicy policy =
        PropagationPolicy.builder().allow("x-f-*").deny("x-b3-sampled", "x-f-i-*").build();
    assertThat(policy.takes("x-b3-sampled")).isFalse();
    assertThat(policy.takes("x-b3-traceid")).isTrue();
    assertThat(policy.takes("x-f-i-1")).isFalse();
    assertThat(policy.takes("x-f-1")).isTrue();
  }

  @Test
  void allowAfterDeny_laterWins() {
    PropagationPolicy policy =
        PropagationPolicy.builder()
            .deny("x-canary", "x-b3-*")
            .allow("x-canary", "x-b3-*")
            .deny("x-user-id")
            .build();
    assertThat(policy.takes("x-canary")).isTrue();
    assertThat(policy.takes("x-b3-flags")).isTrue();
    assertThat(policy.takes("x-user-id")).isFalse();
  }

  @Test
  void denyAll_thenAllow_replacesTheDefaults() {
    PropagationPolicy policy = PropagationPolicy.builder().deny("*").allow("x-tenant").build();
    assertThat(policy.takes("x-tenant")).isTrue();
    assertThat(policy.takes("x-request-id")).isFalse();
    assertThat(policy.takes("x-b3-traceid")).isFalse();
  }

  @Test
  void allowFor_sendsToThatHostOnly() {
    PropagationPolicy policy =
        PropagationPolicy.builder().allowFor("Payment-Service.", "Authorization").build();
    assertThat(policy.takes("authorization")).isTrue();
    assertThat(policy.sendsTo("payment-service", "authorization")).isTrue();
    assertThat(policy.sendsTo("PAYMENT-SERVICE", "Authorization")).isTrue();
    assertThat(policy.sendsTo("payment-service.evil.example", "authorization")).isFalse();
    assertThat(policy.sendsTo("order-service", "authorization")).isFalse();
    assertThat(policy.sendsTo("payment-service", "cookie")).isFalse();
    assertThat(policy.sendsTo("order-service", "x-canary")).isTrue();
  }

  @Test
  void allowFor_harmlessHeader_staysWithItsHostUnlessAllowedEverywhere() {
    PropagationPolicy.Builder builder = PropagationPolicy.builder().allowFor("a", "x-tenant");
    assertThat(builder.build().sendsTo("b", "x-tenant")).isFalse();
    assertThat(builder.allow("x-tenant").build().sendsTo("b", "x-tenant")).isTrue();
  }

  @Test
  void deny_takesADestinationsHeaderBack() {
    PropagationPolicy policy =
        PropagationPolicy.builder().allowFor("a", "cookie").deny("cookie").build();
    assertThat(policy.takes("cookie")).isFalse();
    assertThat(policy.sendsTo("a", "cookie")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "payment:8080", "http://payment", "*.example", "a b", "payment:"})
  void allowFor_whatIsNoHost_isRefused(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PropagationPolicy.builder().allowFor(host, "authorization"))
        .withMessage("host: \"" + host + "\" (expected: a host name, without a port)");
  }

  @Test
  void allowFor_prefix_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PropagationPolicy.builder().allowFor("a", "x-auth-*"))
        .withMessage("header: x-auth-* (expected: a whole name for a destination)");
  }

  @Test
  void limits_notPositive_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PropagationPolicy.builder().maxHeaders(0))
        .withMessage("maxHeaders: 0 (expected: > 0)");
  }

  @Test
  void environment_empty_isTheDefault() {
    assertThat(PropagationPolicy.fromEnvironment(Map.of()))
        .hasToString(PropagationPolicy.defaults().toString());
    assertThat(PropagationPolicy.fromEnvironment(Map.of("MESH_CLIENT_HEADERS", " ")))
        .hasToString(PropagationPolicy.defaults().toString());
  }

  @Test
  void environment_addsDeniesAndNamesDestinations() {
    PropagationPolicy policy =
        environment("x-tenant, x-feature-*,-x-user-id,authorization@payment-service,");
    assertThat(policy.takes("x-tenant")).isTrue();
    assertThat(policy.takes("x-feature-a")).isTrue();
    assertThat(policy.takes("x-user-id")).isFalse();
    assertThat(policy.takes("x-canary")).isTrue();
    assertThat(policy.sendsTo("payment-service", "authorization")).isTrue();
    assertThat(policy.sendsTo("order-service", "authorization")).isFalse();
  }

  @Test
  void environment_replacesTheDefaults() {
    PropagationPolicy policy = environment("-*,x-tenant");
    assertThat(policy.takes("x-tenant")).isTrue();
    assertThat(policy.takes("x-canary")).isFalse();
  }

  @Test
  void environment_setsLimits() {
    PropagationPolicy policy =
        PropagationPolicy.fromEnvironment(
            Map.of(
                "MESH_CLIENT_HEADERS_MAX_VALUE", "100",
                "MESH_CLIENT_HEADERS_MAX_COUNT", " 10 ",
                "MESH_CLIENT_HEADERS_MAX_TOTAL", "1000"));
    assertThat(policy.maxValueLength()).isEqualTo(100);
    assertThat(policy.maxHeaders()).isEqualTo(10);
    assertThat(policy.maxTotalLength()).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-tenant,cookie    | header: cookie (expected: a credential only for a destination,"
            + " allowFor)",
        "x-tenant x-feature | header: \"x-tenant x-feature\" (expected: a header name, RFC 9110"
            + " section 5.1)",
        "authorization@a:80 | host: \"a:80\" (expected: a host name, without a port)"
      })
  void environment_thatCannotBeUnderstood_namesTheVariable(String value, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> environment(value))
        .withMessage("MESH_CLIENT_HEADERS: " + problem);
  }

  @Test
  void environment_limitThatIsNoNumber_namesTheVariable() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PropagationPolicy.fromEnvironment(Map.of("MESH_CLIENT_HEADERS_MAX_VALUE", "8k")))
        .withMessage("MESH_CLIENT_HEADERS_MAX_VALUE: \"8k\" (expected: a whole number > 0)");
  }

  private static PropagationPolicy environment(String headers) {
    return PropagationPolicy.fromEnvironment(Map.of("MESH_CLIENT_HEADERS", headers));
  }
}
