package io.meshclient.identity;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes a bundle in its JWK Set form (SPIFFE Trust Domain and Bundle, section 4). */
final class JwksText {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private JwksText() {}

  static String of(TrustBundle bundle) {
    List<String> keys = new ArrayList<>();
    for (X509Certificate authority : bundle.x509Authorities()) {
      keys.add(x509(authority));
    }
    for (Map.Entry<String, PublicKey> key : bundle.jwtAuthorities().entrySet()) {
      keys.add(
          "{\"use\":\"jwt-svid\",\"kid\":"
              + quoted(key.getKey())
              + ","
              + members(key.getValue())
              + "}");
    }
    return "{\"keys\":["
        + String.join(",", keys)
        + "]"
        + (bundle.sequence() == null ? "" : ",\"spiffe_sequence\":" + bundle.sequence())
        + (bundle.refreshHint() == null
            ? ""
            : ",\"spiffe_refresh_hint\":" + bundle.refreshHint().toSeconds())
        + "}";
  }

  private static String x509(X509Certificate authority) {
    try {
      return "{\"use\":\"x509-svid\","
          + members(authority.getPublicKey())
          + ",\"x5c\":[\""
          + Base64.getEncoder().encodeToString(authority.getEncoded())
          + "\"]}";
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException(
          "authority " + authority.getSubjectX500Principal() + ": no encoding", e);
    }
  }

  private static String members(PublicKey key) {
    if (key instanceof ECPublicKey ec) {
      int bits = ec.getParams().getCurve().getField().getFieldSize();
      int bytes = (bits + 7) / 8;
      return "\"kty\":\"EC\",\"crv\":\"P-"
          + bits
          + "\",\"x\":\""
          + number(ec.getW().getAffineX(), bytes)
          + "\",\"y\":\""
          + number(ec.getW().getAffineY(), bytes)
          + "\"";
    }
    if (key instanceof RSAPublicKey rsa) {
      return "\"kty\":\"RSA\",\"n\":\""
          + number(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8)
          + "\",\"e\":\""
          + number(rsa.getPublicExponent(), (rsa.getPublicExponent().bitLength() + 7) / 8)
          + "\"";
    }
    throw new IllegalArgumentException(
        "key of " + key.getAlgorithm() + " (expected: EC or RSA, which JWK Sets of SPIFFE have)");
  }

  /** Without a sign, with leading zeros to that length. */
  private static String number(BigInteger value, int bytes) {
    byte[] signed = value.toByteArray();
    byte[] octets = new byte[bytes];
    int length = Math.min(signed.length, bytes);
    System.arraycopy(signed, signed.length - length, octets, bytes - length, length);
    return URL.encodeToString(octets);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        out.append("\\u" + HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
