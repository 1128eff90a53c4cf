package io.meshclient.access;

import io.meshclient.identity.JsonWebToken;
import io.meshclient.identity.JwkSet;
import io.meshclient.identity.JwkSetSource;
import io.meshclient.identity.TokenFault;
import org.jspecify.annotations.Nullable;

/** What an issuer's tokens are checked by. Safe from any thread. */
interface IssuerKeys {

  /** None could be read: no token is good. */
  IssuerKeys UNREADABLE = token -> TokenFault.NO_VALID_KEYS;

  /**
   * Looks at a token's signature, and at nothing else.
   *
   * @return {@code null} if it is good
   */
  @Nullable TokenFault check(JsonWebToken token);

  /** Those of a configuration. */
  static IssuerKeys of(JwkSet keys) {
    return keys::check;
  }

  /** Those that were fetched last. */
  static IssuerKeys of(JwkSetSource source) {
    return token -> {
      TokenFault fault = source.keys().check(token);
      if (fault == TokenFault.NO_MATCHING_KEY) {
        source.refreshEarly();
      }
      return fault;
    };
  }
}
