package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that tokens may be signed by, read from a JSON Web Key as Envoy reads it, with the
 * algorithms that fit it: what a token's header says never makes a key one of another kind.
 *
 * @param keyId empty if the key names none
 * @param algorithm the only one it may be used for; empty if it does not say
 */
record TokenKey(String keyId, String algorithm, Key key, Set<String> fitting) {
  static final String EDDSA = "EdDSA";

  private static final Set<String> RSA =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
  private static final Set<String> HMAC = Set.of("HS256", "HS384", "HS512");
  private static final Map<String, String> EC =
      Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");

  /** Others are not in use, and may cost much. */
  private static final Set<BigInteger> EXPONENTS =
      Set.of(BigInteger.valueOf(3), BigInteger.valueOf(65537));

  /** What stands before the 32 bytes of a key in X.509's form (RFC 8410). */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_BYTES = 32;

  static TokenKey of(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    String type = JwkKey.text(jwk, "kty");
    String named = jwk.get("alg") instanceof String text ? text : "";
    return switch (type) {
      case "RSA" -> key(jwk, allowed(named, RSA), rsa(jwk));
      case "EC" -> ec(jwk, named);
      case "oct" ->
          key(jwk, allowed(named, HMAC), new SecretKeySpec(octets(jwk, "k"), "HmacSHA256"));
      case "OKP" -> key(jwk, allowed(named, Set.of(EDDSA)), ed25519(jwk));
      default ->
          throw new Json.Malformed("kty: " + Quoted.of(type) + " (expected: RSA, EC, oct or OKP)");
    };
  }

  private static TokenKey key(Map<?, ?> jwk, Set<String> fitting, Key key) {
    String keyId = jwk.get("kid") instanceof String text ? text : "";
    String algorithm = jwk.get("alg") instanceof String text ? text : "";
    return new TokenKey(keyId, algorithm, key, fitting);
  }

  private static Set<String> allowed(String named, Set<String> fitting) throws Json.Malformed {
    if (named.isEmpty()) {
      return fitting;
    }
    if (fitting.contains(named)) {
      return Set.of(named);
    }
    throw new Json.Malformed(
        "alg: " + Quoted.of(named) + " (expected: none, or one of the key's type)");
  }

  private static Key rsa(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    if (JwkKey.of(jwk) instanceof RSAPublicKey rsa && EXPONENTS.contains(rsa.getPublicExponent())) {
      return rsa;
    }
    throw new Json.Malformed("e: neither 3 nor 65537");
  }

  /**
   * Where the curve or the algorithm is not said, one follows from the other; with neither P-256.
   */
  private static TokenKey ec(Map<?, ?> jwk, String named)
      throws Json.Malformed, GeneralSecurityException {
    String curve = jwk.get("crv") instanceof String text ? text : "";
    for (Map.Entry<String, String> known : EC.entrySet()) {
      if (curve.isEmpty() && known.getValue().equals(named)) {
        curve = known.getKey();
      }
    }
    String whole = curve.isEmpty() ? "P-256" : curve;
    String only = EC.get(whole);
    if (only == null) {
      throw new Json.Malformed("crv: " + Quoted.of(whole) + " (expected: P-256, P-384 or P-521)");
    }
    Map<Object, Object> members = new HashMap<>(jwk);
    members.put("crv", whole);
    if (JwkKey.of(members) instanceof ECKey ec) {
      return key(jwk, allowed(named, Set.of(only)), (Key) ec);
    }
    throw new Json.Malformed("crv: no curve of the platform");
  }

  private static Key ed25519(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    String curve = JwkKey.text(jwk, "crv");
    byte[] point = octets(jwk, "x");
    if (!curve.equals("Ed25519") || point.length != ED25519_BYTES) {
      throw new Json.Malformed("crv, x: no key of Ed25519");
    }
    byte[] encoded = new byte[ED25519.length + point.length];
    System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
    System.arraycopy(point, 0, encoded, ED25519.length, point.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static byte[] octets(Map<?, ?> jwk, String name) throws Json.Malformed {
    try {
      byte[] octets = Base64.getUrlDecoder().decode(JwkKey.text(jwk, name).getBytes(US_ASCII));
      if (octets.length > 0) {
        return octets;
      }
    } catch (IllegalArgumentException e) {
      // It is said below.
    }
    throw new Json.Malformed(name + ": empty, or not base64url");
  }

  /** Whether the token may have been signed by it, by their names. */
  boolean matches(JsonWebToken token) {
    return (keyId.isEmpty() || token.keyId().isEmpty() || keyId.equals(token.keyId()))
        && (algorithm.isEmpty() || algorithm.equals(token.algorithm()));
  }

  boolean isEd25519() {
    return fitting.contains(EDDSA);
  }

  /** Not the key itself, which may be a secret. */
  @Override
  public String toString() {
    return "key " + Quoted.of(keyId) + " for " + fitting;
  }

  /** Never equal to another one, since it may hold a secret that comparing would tell. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return List.of(keyId, algorithm).hashCode();
  }
}
