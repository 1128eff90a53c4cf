package io.meshclient;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads PEM files. Messages name the file, and never what is in it. */
final class Pem {
  private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};

  /** Version 0, rsaEncryption: what stands before a PKCS#1 key to make it PKCS#8. */
  private static final byte[] RSA_HEAD = {
    2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
  };

  private Pem() {}

  static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new GeneralSecurityException(file + ": no certificate (expected: PEM)");
      }
      return found;
    }
  }

  static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    byte[] key = block(text, "PRIVATE KEY");
    if (key == null) {
      byte[] rsa = block(text, "RSA PRIVATE KEY");
      key = rsa == null ? null : pkcs8(rsa);
    }
    if (key == null) {
      throw new GeneralSecurityException(file + ": no private key (expected: PKCS#8 or RSA, PEM)");
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
      } catch (InvalidKeySpecException e) {
        // It is one of another kind.
      }
    }
    throw new GeneralSecurityException(file + ": a key of a kind that is not known");
  }

  private static byte @Nullable [] block(String text, String label) {
    String head = "-----BEGIN " + label + "-----";
    int from = text.indexOf(head);
    int to = text.indexOf("-----END " + label + "-----");
    return from < 0 || to < from
        ? null
        : Base64.getMimeDecoder().decode(text.substring(from + head.length(), to));
  }

  private static byte[] pkcs8(byte[] rsa) throws IOException {
    Buffer octets = new Buffer().write(RSA_HEAD).write(der(4, rsa));
    return der(0x30, octets.readByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    Buffer out = new Buffer().writeByte(tag);
    if (content.length < 128) {
      out.writeByte(content.length);
    } else if (content.length < 65_536) {
      out.writeByte(0x82).writeShort(content.length);
    } else {
      out.writeByte(0x84).writeInt(content.length);
    }
    return out.write(content).readByteArray();
  }
}
