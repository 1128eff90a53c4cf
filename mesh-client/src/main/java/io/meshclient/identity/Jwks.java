package io.meshclient.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SPIFFE bundle in its JWK Set form (SPIFFE Trust Domain and Bundle, section 4; X509-SVID
 * and JWT-SVID, sections 6). Keys of unknown type or use are passed over, as the standard wants;
 * anything else that is not as it must be spoils the bundle, since half of one is another trust.
 */
final class Jwks {
  /** Thousands of keys; a bundle has a handful. */
  private static final int MAX_LENGTH = 4 << 20;

  private static final Set<String> KNOWN_TYPES = Set.of("RSA", "EC", "OKP");

  private final TrustDomain trustDomain;
  private final List<X509Certificate> certificates = new ArrayList<>();
  private final Map<String, PublicKey> keys = new LinkedHashMap<>();

  private Jwks(TrustDomain trustDomain) {
    this.trustDomain = trustDomain;
  }

  static TrustBundle read(TrustDomain trustDomain, String json) throws InvalidBundleException {
    String where = "bundle of " + trustDomain + ": ";
    if (json.length() > MAX_LENGTH) {
      throw new InvalidBundleException(
          where + json.length() + " characters (expected: at most " + MAX_LENGTH + ")", null);
    }
    try {
      return new Jwks(trustDomain).read(Json.parse(json));
    } catch (Json.Malformed e) {
      throw new InvalidBundleException(where + e.getMessage(), e);
    }
  }

  private TrustBundle read(Object json) throws Json.Malformed {
    if (!(json instanceof Map<?, ?> set) || !(set.get("keys") instanceof List<?> entries)) {
      throw new Json.Malformed("no JWK Set (expected: an object with an array \"keys\")");
    }
    Long sequence = integer(set, "spiffe_sequence");
    Long refresh = integer(set, "spiffe_refresh_hint");
    for (int i = 0; i < entries.size(); i++) {
      try {
        add(entries.get(i));
      } catch (Json.Malformed | GeneralSecurityException e) {
        throw new Json.Malformed("keys[" + i + "]: " + Quoted.messageOf(e));
      }
    }
    return new TrustBundle(
        trustDomain,
        certificates,
        keys,
        sequence,
        refresh == null ? null : Duration.ofSeconds(refresh));
  }

  private static @Nullable Long integer(Map<?, ?> set, String name) throws Json.Malformed {
    if (!set.containsKey(name)) {
      return null;
    }
    if (set.get(name) instanceof Long value && value >= 0) {
      return value;
    }
    throw new Json.Malformed(name + ": no integer from 0 to 2^63-1");
  }

  private void add(Object entry) throws Json.Malformed, GeneralSecurityException {
    if (!(entry instanceof Map<?, ?> jwk)) {
      throw new Json.Malformed("no object");
    }
    if (!KNOWN_TYPES.contains(JwkKey.text(jwk, "kty"))) {
      return;
    }
    Object use = jwk.get("use");
    if ("x509-svid".equals(use)) {
      addCertificate(jwk);
    } else if ("jwt-svid".equals(use)) {
      addKey(jwk);
    }
  }

  /** Of several certificates only the first counts; without one the entry does not. */
  private void addCertificate(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    Object x5c = jwk.get("x5c");
    if (x5c == null || x5c instanceof List<?> none && none.isEmpty()) {
      return;
    }
    if (!(x5c instanceof List<?> chain) || !(chain.get(0) instanceof String first)) {
      throw new Json.Malformed("x5c: no array of strings");
    }
    byte[] der;
    try {
      der = Base64.getDecoder().decode(first);
    } catch (IllegalArgumentException e) {
      throw new Json.Malformed("x5c[0]: not base64");
    }
    X509Certificate certificate = Certificates.ofDer(der);
    boolean hasKey = jwk.containsKey("n") || jwk.containsKey("x") && jwk.containsKey("y");
    PublicKey key = hasKey ? JwkKey.of(jwk) : null;
    if (key != null && !key.equals(certificate.getPublicKey())) {
      throw new Json.Malformed("x5c[0]: not the certificate of the key");
    }
    certificates.add(certificate);
  }

  private void addKey(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    String kid = JwkKey.text(jwk, "kid");
    if (kid.isEmpty()) {
      throw new Json.Malformed("kid: empty");
    }
    PublicKey key = JwkKey.of(jwk);
    if (key != null && keys.put(kid, key) != null) {
      throw new Json.Malformed("kid: " + Quoted.of(kid) + " twice");
    }
  }
}
