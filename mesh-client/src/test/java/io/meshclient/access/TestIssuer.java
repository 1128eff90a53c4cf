package io.meshclient.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens for tests, good ones and others. */
public final class TestIssuer {
  static final byte[] SECRET = "a secret of thirty-two bytes ...".getBytes(UTF_8);

  final KeyPair rsa = pair("RSA", null);
  final KeyPair ec = pair("EC", "secp256r1");
  final KeyPair ec384 = pair("EC", "secp384r1");
  final KeyPair ed = pair("Ed25519", null);

  private static KeyPair pair(String algorithm, String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (curve != null) {
        generator.initialize(new ECGenParameterSpec(curve));
      } else if (algorithm.equals("RSA")) {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public String rsaJwk(String more) {
    RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
    return "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}"
        .formatted(number(key.getModulus(), 256), number(key.getPublicExponent(), 3), more);
  }

  String ecJwk(String more) {
    return ecJwk((ECPublicKey) ec.getPublic(), "P-256", 32, more);
  }

  String ec384Jwk(String more) {
    return ecJwk((ECPublicKey) ec384.getPublic(), "P-384", 48, more);
  }

  private static String ecJwk(ECPublicKey key, String curve, int bytes, String more) {
    return "{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s}"
        .formatted(
            curve,
            number(key.getW().getAffineX(), bytes),
            number(key.getW().getAffineY(), bytes),
            more);
  }

  String edJwk(String more) {
    byte[] encoded = ((EdECPublicKey) ed.getPublic()).getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"%s}".formatted(base64(point), more);
  }

  static String octJwk(String more) {
    return "{\"kty\":\"oct\",\"k\":\"%s\"%s}".formatted(base64(SECRET), more);
  }

  public static String jwks(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  /** By RS256 and the key "k". */
  public String token(String payload) {
    return token("{\"alg\":\"RS256\",\"kid\":\"k\"}", payload);
  }

  /** By the algorithm of RSA's that the header names, whatever else it says. */
  String token(String header, String payload) {
    String signed = base64(header.getBytes(UTF_8)) + "." + base64(payload.getBytes(UTF_8));
    return signed + "." + base64(sign("SHA256withRSA", rsa.getPrivate(), signed));
  }

  String signed(String algorithm, String payload) {
    String header = "{\"alg\":\"" + algorithm + "\"}";
    String signed = base64(header.getBytes(UTF_8)) + "." + base64(payload.getBytes(UTF_8));
    return signed + "." + base64(signature(algorithm, signed));
  }

  private byte[] signature(String algorithm, String signed) {
    String bits = algorithm.substring(2);
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> sign("SHA" + bits + "withRSA", rsa.getPrivate(), signed);
      case "PS" -> sign("PS" + bits, rsa.getPrivate(), signed);
      case "ES" ->
          sign(
              "SHA" + bits + "withECDSAinP1363Format",
              (bits.equals("384") ? ec384 : ec).getPrivate(),
              signed);
      case "HS" -> hmac(algorithm, SECRET, signed);
      default -> sign("Ed25519", ed.getPrivate(), signed);
    };
  }

  static byte[] hmac(String algorithm, byte[] secret, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
      mac.init(new SecretKeySpec(secret, "HMAC"));
      return mac.doFinal(signed.getBytes(ISO_8859_1));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] sign(String name, PrivateKey key, String signed) {
    try {
      boolean pss = name.startsWith("PS");
      Signature signature = Signature.getInstance(pss ? "RSASSA-PSS" : name);
      if (pss) {
        int bits = Integer.parseInt(name.substring(2));
        String digest = "SHA-" + bits;
        signature.setParameter(
            new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), bits / 8, 1));
      }
      signature.initSign(key);
      signature.update(signed.getBytes(ISO_8859_1));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String base64(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  private static String number(BigInteger number, int bytes) {
    byte[] octets = new byte[bytes];
    byte[] magnitude = number.toByteArray();
    int length = Math.min(bytes, magnitude.length);
    System.arraycopy(magnitude, magnitude.length - length, octets, bytes - length, length);
    return base64(octets);
  }
}
