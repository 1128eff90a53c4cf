package io.meshclient.identity;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an issuer signs tokens by (RFC 7517), read as Envoy reads them: what is no key that
 * tokens can be signed by is passed over. Immutable.
 */
public final class JwkSet {
  /** Of keys that are not there yet: no token is by one of them. */
  public static final JwkSet UNKNOWN = new JwkSet(List.of(), List.of());

  /** Thousands of keys; an issuer has a handful. */
  private static final int MAX_LENGTH = 1 << 20;

  private final List<TokenKey> keys;
  private final List<String> passedOver;

  private JwkSet(List<TokenKey> keys, List<String> passedOver) {
    this.keys = List.copyOf(keys);
    this.passedOver = List.copyOf(passedOver);
  }

  /**
   * Reads a set in JSON.
   *
   * @throws IdentityException if it is none, or has not a single key that can be used
   */
  public static JwkSet parse(String json) throws IdentityException {
    requireNonNull(json, "json");
    if (json.length() > MAX_LENGTH) {
      throw new IdentityException(
          json.length() + " characters (expected: at most " + MAX_LENGTH + ")");
    }
    try {
      if (Json.parse(json) instanceof Map<?, ?> set && set.get("keys") instanceof List<?> entries) {
        return of(entries);
      }
    } catch (Json.Malformed e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    }
    throw new IdentityException("no JWK Set (expected: an object with an array \"keys\")");
  }

  private static JwkSet of(List<?> entries) throws IdentityException {
    List<TokenKey> keys = new ArrayList<>();
    List<String> passedOver = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      try {
        if (!(entries.get(i) instanceof Map<?, ?> jwk)) {
          throw new Json.Malformed("no object");
        }
        keys.add(TokenKey.of(jwk));
      } catch (Json.Malformed | GeneralSecurityException e) {
        passedOver.add("keys[" + i + "]: " + Quoted.messageOf(e));
      }
    }
    if (keys.isEmpty()) {
      String why = passedOver.isEmpty() ? "" : ": " + String.join("; ", passedOver);
      throw new IdentityException("no key that can be used" + why);
    }
    return new JwkSet(keys, passedOver);
  }

  /** Why entries of the set are not used, one line each. */
  public List<String> passedOver() {
    return passedOver;
  }

  /**
   * Whether one of the keys signed the token: one of its {@code kid} and {@code alg}, where token
   * and key say both, that is of a kind which the algorithm is for.
   *
   * @return {@code null} if so
   */
  public @Nullable TokenFault check(JsonWebToken token) {
    boolean matched = this == UNKNOWN;
    for (TokenKey key : keys) {
      if (!key.matches(token)) {
        continue;
      }
      matched = true;
      if (key.isEd25519() && token.signature().length != 64) {
        return TokenFault.ED25519_LENGTH;
      }
      if (key.fitting().contains(token.algorithm())
          && TokenSignature.isBy(key.key(), token.algorithm(), token.signed(), token.signature())) {
        return null;
      }
    }
    return matched ? TokenFault.BAD_SIGNATURE : TokenFault.NO_MATCHING_KEY;
  }

  /** How many there are, and no key. */
  @Override
  public String toString() {
    return keys.size() + " keys";
  }
}
