package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.StringJoiner;

/** Signs the local authority's tokens, by ES256. */
final class TokenMint {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private TokenMint() {}

  /** The audiences are texts without quotes, backslashes and control characters. */
  static String token(
      SpiffeId id,
      Collection<String> audiences,
      Instant from,
      Instant to,
      String kid,
      KeyPair key) {
    StringJoiner names = new StringJoiner("\",\"", "[\"", "\"]");
    audiences.forEach(names::add);
    String header = "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}";
    String claims =
        "{\"sub\":\""
            + id
            + "\",\"aud\":"
            + names
            + ",\"iat\":"
            + from.getEpochSecond()
            + ",\"exp\":"
            + to.getEpochSecond()
            + "}";
    String signed = encode(header.getBytes(UTF_8)) + "." + encode(claims.getBytes(UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no token for " + id, e);
    }
  }

  private static String encode(byte[] octets) {
    return URL.encodeToString(octets);
  }
}
