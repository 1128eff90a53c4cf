package io.meshclient.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** A workload's token check, from YAML, at a fixed time. */
final class TestTokens {
  static final long NOW = Instant.parse("2026-03-01T12:00:00Z").getEpochSecond();
  static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);

  private TestTokens() {}

  /** One issuer "a" with the keys, and more fields of its rule in one line each. */
  static TokenCheck of(String jwks, String... fields) {
    return compile(document("jwt", "production", rule("a", jwks, fields))).check();
  }

  static String rule(String issuer, String jwks, String... fields) {
    StringBuilder rule = new StringBuilder("  - issuer: " + issuer + "\n");
    if (!jwks.isEmpty()) {
      rule.append("    jwks: '").append(jwks).append("'\n");
    }
    for (String field : fields) {
      rule.append("    ").append(field).append('\n');
    }
    return rule.toString();
  }

  static String document(String name, String namespace, String rules) {
    return """
        ---
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: {name: %s, namespace: %s}
        spec:
          jwtRules:
        %s"""
        .formatted(name, namespace, rules);
  }

  static RequestAuthentications.Compiled compile(String yaml) {
    return compile(yaml, null);
  }

  static RequestAuthentications.Compiled compile(String yaml, TokenKeys keys) {
    Configuration configuration = Configuration.read(ConfigSource.yaml("jwt.yaml", yaml));
    assertThat(configuration.problems()).isEmpty();
    return RequestAuthentications.compile(
        configuration, "production", Map.of("app", "payment"), CLOCK, keys);
  }

  /** Why the request is refused; "passed ISSUER/SUBJECT" or "passed" if it is not. */
  static String outcome(TokenCheck check, InboundRequest request) {
    TokenResult result = check.check(request);
    if (result instanceof TokenResult.Refused refused) {
      return refused.body();
    }
    VerifiedToken token = ((TokenResult.Passed) result).token();
    return token == null ? "passed" : "passed " + token.issuer() + "/" + token.subject();
  }

  static RequestChanges changes(TokenCheck check, InboundRequest request) {
    TokenResult result = check.check(request);
    assertThat(result).isInstanceOf(TokenResult.Passed.class);
    return ((TokenResult.Passed) result).changes();
  }
}
