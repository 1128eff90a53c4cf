package io.meshclient.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a bundle endpoint answers, and refuses what is not its trust domain's bundle. */
final class FetchedBundle {
  private FetchedBundle() {}

  /**
   * The bundle that an answer is.
   *
   * @param known the one before it; {@code null} if there is none
   * @throws IdentityException if the answer is none, or another's, or an older one
   */
  static TrustBundle read(TrustDomain trustDomain, byte[] answer, @Nullable TrustBundle known)
      throws IdentityException {
    String json = text(answer);
    TrustBundle bundle;
    try {
      bundle = TrustBundle.ofJwks(trustDomain, json);
    } catch (InvalidBundleException e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    }
    checkSpiffe(bundle, json);
    checkOwn(bundle);
    checkOrder(bundle, known);
    return bundle;
  }

  private static String text(byte[] answer) throws IdentityException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(answer)).toString();
    } catch (CharacterCodingException e) {
      throw new IdentityException("answer is not UTF-8", e);
    }
  }

  /** No key at all means that all are revoked; keys of other uses alone are another JWK Set. */
  private static void checkSpiffe(TrustBundle bundle, String json) throws IdentityException {
    if (!bundle.x509Authorities().isEmpty() || !bundle.jwtAuthorities().isEmpty()) {
      return;
    }
    try {
      if (Json.parse(json) instanceof Map<?, ?> set
          && set.get("keys") instanceof List<?> keys
          && keys.isEmpty()) {
        return;
      }
    } catch (Json.Malformed e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    }
    throw new IdentityException("a JWK Set without a key for SVIDs (expected: a SPIFFE bundle)");
  }

  /** Authorities may say whose they are. */
  private static void checkOwn(TrustBundle bundle) throws IdentityException {
    String own = bundle.trustDomain().id().toString();
    for (X509Certificate authority : bundle.x509Authorities()) {
      try {
        for (String uri : Extensions.uris(authority)) {
          if (uri.startsWith(SpiffeIdSyntax.SCHEME) && !uri.equals(own)) {
            throw new IdentityException(
                "an authority of " + Quoted.of(uri) + " (expected: of " + own + ")");
          }
        }
      } catch (CertificateParsingException e) {
        throw new IdentityException("an authority's names: " + Quoted.messageOf(e), e);
      }
    }
  }

  private static void checkOrder(TrustBundle bundle, @Nullable TrustBundle known)
      throws IdentityException {
    Long before = known == null ? null : known.sequence();
    Long now = bundle.sequence();
    if (before != null && now != null && now < before) {
      throw new IdentityException("sequence " + now + " (expected: at least " + before + ")");
    }
  }

  /** Whether two vouch for the same; their numbers and hints aside. */
  static boolean sameAuthorities(@Nullable TrustBundle one, TrustBundle other) {
    return one != null
        && one.x509Authorities().equals(other.x509Authorities())
        && one.jwtAuthorities().equals(other.jwtAuthorities());
  }
}
