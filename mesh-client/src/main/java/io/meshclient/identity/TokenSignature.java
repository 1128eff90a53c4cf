package io.meshclient.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Checks signatures by the algorithms of RFC 7518, section 3, and RFC 8037. Straight by the
 * platform: Nimbus would read the token a second time, by rules of its own.
 */
final class TokenSignature {
  private TokenSignature() {}

  /**
   * Whether {@code key} signed it.
   *
   * @param algorithm one that fits the key
   */
  static boolean isBy(Key key, String algorithm, byte[] signed, byte[] signature) {
    String bits = algorithm.substring(2);
    try {
      return switch (algorithm.substring(0, 2)) {
        case "RS" -> verify("SHA" + bits + "withRSA", key, signed, signature);
        case "PS" -> pss(bits, key, signed, signature);
        case "ES" ->
            isInRange((ECPublicKey) key, signature)
                && verify("SHA" + bits + "withECDSAinP1363Format", key, signed, signature);
        case "HS" -> hmac(bits, key, signed, signature);
        default -> verify("Ed25519", key, signed, signature);
      };
    } catch (GeneralSecurityException e) {
      // A signature of a wrong length, or with parts that are no numbers of the field.
      return false;
    }
  }

  private static boolean verify(String name, Key key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    return verify(Signature.getInstance(name), key, signed, signature);
  }

  private static boolean verify(Signature check, Key key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    check.initVerify((PublicKey) key);
    check.update(signed);
    return check.verify(signature);
  }

  private static boolean pss(String bits, Key key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    String digest = "SHA-" + bits;
    Signature check = Signature.getInstance("RSASSA-PSS");
    check.setParameter(
        new PSSParameterSpec(
            digest,
            "MGF1",
            new MGF1ParameterSpec(digest),
            Integer.parseInt(bits) / Byte.SIZE,
            PSSParameterSpec.TRAILER_FIELD_BC));
    return verify(check, key, signed, signature);
  }

  private static boolean hmac(String bits, Key key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA" + bits);
    mac.init(key);
    return MessageDigest.isEqual(mac.doFinal(signed), signature);
  }

  /** Both numbers are from 1 to the group's order: JDKs before 17.0.3 do not look. */
  private static boolean isInRange(ECPublicKey key, byte[] signature) {
    BigInteger order = key.getParams().getOrder();
    int bytes = (order.bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    if (signature.length != 2 * bytes) {
      return false;
    }
    BigInteger r = new BigInteger(1, Arrays.copyOf(signature, bytes));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, bytes, 2 * bytes));
    return r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
  }
}
