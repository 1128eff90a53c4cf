package io.meshclient.access;

import io.meshclient.identity.BadTokenException;
import io.meshclient.identity.JsonWebToken;
import io.meshclient.identity.TokenFault;
import io.meshclient.istio.RequestAuthentication.ClaimToHeader;
import io.meshclient.istio.RequestAuthentication.JwtHeader;
import io.meshclient.istio.RequestAuthentication.JwtRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One issuer: where its tokens are, which are good, and what is handed on of them. Immutable. */
final class TokenRule {
  /** How much clocks may differ, in seconds; Envoy's default. */
  private static final long CLOCK_SKEW = 60;

  private final JwtRule rule;
  private final IssuerKeys keys;
  private final Clock clock;
  private final List<TokenPlace> places;
  private final Audiences audiences;

  TokenRule(JwtRule rule, IssuerKeys keys, Clock clock) {
    this.rule = rule;
    this.keys = keys;
    this.clock = clock;
    this.places = places(rule);
    this.audiences = new Audiences(rule.audiences());
  }

  /** In Envoy's order: headers by name and prefix, then parameters, then cookies by name. */
  private static List<TokenPlace> places(JwtRule rule) {
    List<TokenPlace> places = new ArrayList<>();
    if (rule.fromHeaders().isEmpty()
        && rule.fromParams().isEmpty()
        && rule.fromCookies().isEmpty()) {
      places.add(new TokenPlace.Header("authorization", "Bearer "));
      places.add(new TokenPlace.Parameter("access_token"));
      return List.copyOf(places);
    }
    rule.fromHeaders().stream()
        .map(TokenRule::header)
        .distinct()
        .sorted((a, b) -> (a.name() + a.prefix()).compareTo(b.name() + b.prefix()))
        .forEach(places::add);
    new TreeSet<>(rule.fromParams()).forEach(name -> places.add(new TokenPlace.Parameter(name)));
    new TreeSet<>(rule.fromCookies()).forEach(name -> places.add(new TokenPlace.Cookie(name)));
    return List.copyOf(places);
  }

  private static TokenPlace.Header header(JwtHeader header) {
    String prefix = header.prefix();
    return new TokenPlace.Header(lower(header.name()), prefix == null ? "" : prefix);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Nobody but a token says what these hold. */
  void dropOutputs(TokenRequest request) {
    outputs().forEach(request::remove);
  }

  private Set<String> outputs() {
    Set<String> names = new LinkedHashSet<>();
    String payload = rule.outputPayloadToHeader();
    if (payload != null && !payload.isEmpty()) {
      names.add(lower(payload));
    }
    rule.outputClaimToHeaders().forEach(output -> names.add(lower(output.header())));
    return names;
  }

  /**
   * Looks at all tokens in this issuer's places, the last first, until one is not good.
   *
   * @return {@code null} if there are some, and all are good
   */
  @Nullable TokenFault verify(TokenRequest request) {
    dropOutputs(request);
    List<TokenPlace.Found> tokens = new ArrayList<>();
    places.forEach(place -> tokens.addAll(place.find(request)));
    if (tokens.isEmpty()) {
      return TokenFault.MISSING;
    }
    for (int i = tokens.size() - 1; i >= 0; i--) {
      TokenFault fault = verify(tokens.get(i), request);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private @Nullable TokenFault verify(TokenPlace.Found found, TokenRequest request) {
    JsonWebToken token;
    try {
      token = request.read(found.token());
    } catch (BadTokenException e) {
      return e.fault();
    }
    TokenFault fault = check(token);
    if (fault == null) {
      handOn(token, request);
      if (!rule.forwardOriginalToken()) {
        found.place().clear(request);
      }
      request.verified(
          new VerifiedToken(
              token.issuer(),
              token.subject(),
              token.claims(),
              Set.copyOf(rule.spaceDelimitedClaims())));
    }
    return fault;
  }

  private @Nullable TokenFault check(JsonWebToken token) {
    if (!token.issuer().equals(rule.issuer())) {
      return TokenFault.UNKNOWN_ISSUER;
    }
    long now = clock.instant().getEpochSecond();
    if (token.notBefore() > now + CLOCK_SKEW) {
      return TokenFault.NOT_YET_VALID;
    }
    if (token.expiry() != 0 && token.expiry() < now - CLOCK_SKEW) {
      return TokenFault.EXPIRED;
    }
    if (!audiences.allow(token.audiences())) {
      return TokenFault.AUDIENCE;
    }
    return keys.check(token);
  }

  private void handOn(JsonWebToken token, TokenRequest request) {
    String payload = rule.outputPayloadToHeader();
    if (payload != null && !payload.isEmpty()) {
      request.add(lower(payload), token.payload());
    }
    for (ClaimToHeader output : rule.outputClaimToHeaders()) {
      String value = ClaimText.of(ClaimText.find(token.claims(), output.claim()));
      if (!value.isEmpty() && isLine(value)) {
        request.add(lower(output.header()), value);
      }
    }
  }

  /** An issuer that puts line ends into a claim does not get to write headers. */
  private static boolean isLine(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\t');
  }

  /** For messages. */
  @Override
  public String toString() {
    return rule.location().fileAndLine() + " " + rule.location().path();
  }
}
