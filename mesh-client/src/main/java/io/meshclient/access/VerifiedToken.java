package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token of a request whose signature, times, issuer and audience are good. Immutable.
 *
 * @param claims as in its payload: strings, numbers, booleans, lists and maps of these
 * @param spaceDelimited claims whose strings are lists of words, beside {@code scope} and {@code
 *     permission}
 */
record VerifiedToken(
    String issuer,
    @Nullable String subject,
    Map<String, Object> claims,
    Set<String> spaceDelimited) {

  VerifiedToken {
    requireNonNull(issuer, "issuer");
    claims = Map.copyOf(claims);
    spaceDelimited = Set.copyOf(spaceDelimited);
  }
}
