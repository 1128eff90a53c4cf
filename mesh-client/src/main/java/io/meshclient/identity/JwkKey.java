package io.meshclient.identity;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Public keys from JSON Web Keys (RFC 7518, section 6). */
final class JwkKey {
  /** RFC 7518, 3.3. */
  private static final int MIN_RSA_BITS = 2048;

  private static final Map<String, String> CURVES =
      Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  private JwkKey() {}

  /**
   * The key; {@code null} if its type or curve is none that JWT-SVID has algorithms for.
   *
   * @throws Json.Malformed if it is of a known type, and a member is missing or wrong
   * @throws GeneralSecurityException if the platform does not take it
   */
  static @Nullable PublicKey of(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    return switch (text(jwk, "kty")) {
      case "RSA" -> rsa(jwk);
      case "EC" -> ec(jwk);
      default -> null;
    };
  }

  static String text(Map<?, ?> jwk, String name) throws Json.Malformed {
    if (jwk.get(name) instanceof String text) {
      return text;
    }
    throw new Json.Malformed(name + ": " + (jwk.containsKey(name) ? "no string" : "missing"));
  }

  private static PublicKey rsa(Map<?, ?> jwk) throws Json.Malformed, GeneralSecurityException {
    BigInteger modulus = new BigInteger(1, octets(jwk, "n"));
    BigInteger exponent = new BigInteger(1, octets(jwk, "e"));
    if (modulus.bitLength() < MIN_RSA_BITS) {
      throw new Json.Malformed(
          "n: " + modulus.bitLength() + " bits (expected: at least " + MIN_RSA_BITS + ")");
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static @Nullable PublicKey ec(Map<?, ?> jwk)
      throws Json.Malformed, GeneralSecurityException {
    String name = CURVES.get(text(jwk, "crv"));
    if (name == null) {
      return null;
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(name));
    ECParameterSpec domain = parameters.getParameterSpec(ECParameterSpec.class);
    int bytes = (domain.getCurve().getField().getFieldSize() + 7) / 8;
    ECPoint point = new ECPoint(coordinate(jwk, "x", bytes), coordinate(jwk, "y", bytes));
    if (!isOn(domain.getCurve(), point)) {
      throw new Json.Malformed("x, y: not on the curve");
    }
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, domain));
  }

  private static BigInteger coordinate(Map<?, ?> jwk, String name, int bytes)
      throws Json.Malformed {
    byte[] octets = octets(jwk, name);
    if (octets.length != bytes) {
      throw new Json.Malformed(name + ": " + octets.length + " bytes (expected: " + bytes + ")");
    }
    return new BigInteger(1, octets);
  }

  /** The platform does not look. */
  private static boolean isOn(EllipticCurve curve, ECPoint point) {
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right.mod(p));
  }

  private static byte[] octets(Map<?, ?> jwk, String name) throws Json.Malformed {
    try {
      return Base64.getUrlDecoder().decode(text(jwk, name));
    } catch (IllegalArgumentException e) {
      throw new Json.Malformed(name + ": not base64url");
    }
  }
}
