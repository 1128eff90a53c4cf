package io.meshclient.access;

import io.meshclient.identity.TokenFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the tokens of a workload's issuers in the way that Istio configures Envoy's {@code
 * jwt_authn} filter: one issuer that is content ends it; else nothing may be there that any of them
 * is not content with. Immutable.
 */
final class Tokens implements TokenCheck {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** How much of a path an answer repeats; Envoy's bound. */
  private static final int MAX_PATH = 256;

  private final List<TokenRule> rules;

  /** In the order in which issuers are asked; not empty. */
  Tokens(List<TokenRule> rules) {
    this.rules = List.copyOf(rules);
  }

  @Override
  public TokenResult check(InboundRequest request) {
    TokenRequest tokens = new TokenRequest(request);
    rules.forEach(rule -> rule.dropOutputs(tokens));
    if (isPreflight(request)) {
      return tokens.passed();
    }
    Failure failure = rules.size() == 1 ? only(rules.get(0), tokens) : any(tokens);
    return failure == null ? tokens.passed() : refused(request, failure);
  }

  /** Browsers send no credentials with these. */
  private static boolean isPreflight(InboundRequest request) {
    return request.method().equals("OPTIONS")
        && isSet(request.headers("origin"))
        && isSet(request.headers("access-control-request-method"));
  }

  private static boolean isSet(List<String> lines) {
    return lines.stream().anyMatch(line -> !line.isEmpty());
  }

  private record Failure(TokenFault fault, TokenRule rule) {
    /** It is another issuer's place, or token, so that another issuer's failure says more. */
    boolean isVague() {
      return fault == TokenFault.MISSING || fault == TokenFault.UNKNOWN_ISSUER;
    }
  }

  private static @Nullable Failure only(TokenRule rule, TokenRequest tokens) {
    TokenFault fault = rule.verify(tokens);
    return fault == null || fault == TokenFault.MISSING ? null : new Failure(fault, rule);
  }

  private @Nullable Failure any(TokenRequest tokens) {
    Failure worst = null;
    for (TokenRule rule : rules) {
      TokenFault fault = rule.verify(tokens);
      if (fault == null) {
        return null;
      }
      worst = worse(worst, new Failure(fault, rule));
    }
    Failure first = first(tokens);
    return first == null ? null : worse(worst, first);
  }

  private @Nullable Failure first(TokenRequest tokens) {
    for (TokenRule rule : rules) {
      Failure failure = only(rule, tokens);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private static Failure worse(@Nullable Failure before, Failure next) {
    return before == null || before.fault() == TokenFault.MISSING || !next.isVague()
        ? next
        : before;
  }

  private static TokenResult.Refused refused(InboundRequest request, Failure failure) {
    String target = request.target();
    String realm =
        Facts.scheme(request.connection(), request.headers("x-forwarded-proto"))
            + "://"
            + request.authority()
            + target.substring(0, Math.min(target.length(), MAX_PATH));
    String words = failure.fault().words();
    return new TokenResult.Refused(
        failure.fault() == TokenFault.AUDIENCE ? FORBIDDEN : UNAUTHORIZED,
        words,
        List.of(
            new HeaderLine(
                "www-authenticate", "Bearer realm=\"" + realm + "\", error=\"invalid_token\"")),
        "jwt_authn_access_denied{" + words.replace(' ', '_') + "} by " + failure.rule());
  }
}
