package io.meshclient.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Reads private keys: PKCS#8 (RFC 5208), and in PEM also PKCS#1 for RSA (RFC 8017) and SEC1 for EC
 * (RFC 5915), which are wrapped up as PKCS#8, since the JDK reads nothing else. Messages never have
 * anything of the key.
 */
final class PrivateKeys {
  private static final String BEGIN = "-----BEGIN ";
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";
  private static final String EXPECTED = " (expected: an unencrypted key, PKCS#8, PKCS#1 or SEC1)";

  private static final String[] ALGORITHMS = {"EC", "RSA", "EdDSA"};

  /** {@code rsaEncryption}, without parameters. */
  private static final byte[] RSA = {
    0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
  };

  /** The object identifier {@code ecPublicKey}. */
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private static final byte[] VERSION = {Der.INTEGER, 1, 0};

  /** Context-specific, constructed: the curve of a SEC1 key. */
  private static final int CURVE = 0xa0;

  private PrivateKeys() {}

  /** The one private key of a PEM text; what is around it, such as curve parameters, is comment. */
  static PrivateKey ofPem(String pem) throws GeneralSecurityException {
    byte[] pkcs8 = null;
    for (int at = pem.indexOf(BEGIN); at >= 0; at = pem.indexOf(BEGIN, at + BEGIN.length())) {
      int end = pem.indexOf("-----", at + BEGIN.length());
      String label = end < 0 ? "" : pem.substring(at + BEGIN.length(), end);
      if (!label.endsWith(PKCS8)) {
        continue;
      }
      if (pkcs8 != null) {
        throw new GeneralSecurityException("two private keys (expected: one)");
      }
      byte[] der = content(pem, end + 5, label);
      pkcs8 =
          switch (label) {
            case PKCS8 -> der;
            case PKCS1 -> wrap(RSA, der);
            case SEC1 -> wrap(der(Der.SEQUENCE, EC, curve(der)), der);
            default -> throw new GeneralSecurityException("block " + Quoted.of(label) + EXPECTED);
          };
    }
    if (pkcs8 == null) {
      throw new GeneralSecurityException("no private key" + EXPECTED);
    }
    return ofPkcs8(pkcs8);
  }

  /** A key in DER. */
  static PrivateKey ofPkcs8(byte[] der) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // It is one of another kind.
      } catch (RuntimeException e) {
        throw new GeneralSecurityException("not readable" + EXPECTED);
      }
    }
    throw new GeneralSecurityException("not readable, or of a kind that is not known" + EXPECTED);
  }

  private static byte[] content(String pem, int from, String label)
      throws GeneralSecurityException {
    int to = pem.indexOf("-----END " + label + "-----", from);
    if (to < 0) {
      throw new GeneralSecurityException("no end of the private key");
    }
    try {
      // Its headers, of which encrypted keys have some, are no base64.
      return Base64.getDecoder().decode(Certificates.withoutSpace(pem, from, to));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("not base64" + EXPECTED);
    }
  }

  private static byte[] curve(byte[] sec1) throws CertificateParsingException {
    Der key = new Der(sec1).only(Der.SEQUENCE);
    key.next(Der.INTEGER);
    key.next(Der.OCTET_STRING);
    if (key.tag() != CURVE) {
      throw new CertificateParsingException("no curve in the EC key (expected: a named curve)");
    }
    return key.next(CURVE).rest();
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return der(Der.SEQUENCE, VERSION, algorithm, der(Der.OCTET_STRING, key));
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] head = head(tag, length);
    byte[] all = new byte[head.length + length];
    System.arraycopy(head, 0, all, 0, head.length);
    int at = head.length;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Lengths in DER are in their shortest form. */
  private static byte[] head(int tag, int length) {
    if (length < 0x80) {
      return new byte[] {(byte) tag, (byte) length};
    }
    if (length < 0x100) {
      return new byte[] {(byte) tag, (byte) 0x81, (byte) length};
    }
    if (length < 0x1_0000) {
      return new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    }
    return new byte[] {
      (byte) tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length
    };
  }
}
