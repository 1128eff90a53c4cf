package io.meshclient.identity;

import static io.meshclient.identity.SvidRejection.TOKEN_MALFORMED;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a token, and holds it to what JWT-SVID says of header and claims (sections 2 and 3), before
 * any key is looked for. Messages never quote the token.
 */
final class JwtReader {
  /** Far above what goes into a request's headers. */
  private static final int MAX_LENGTH = 1 << 16;

  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

  private static final Set<String> HEADER = Set.of("alg", "kid", "typ");
  private static final Set<String> TYPES = Set.of("JWT", "JOSE");

  private JwtReader() {}

  static JwtSvid read(String token) throws SvidRejectedException {
    if (token.length() > MAX_LENGTH) {
      throw malformed(token.length() + " characters (expected: at most " + MAX_LENGTH + ")");
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw malformed(parts.length + " parts (expected: 3)");
    }
    String keyId = keyId(object("header", parts[0]));
    Map<?, ?> claims = object("claims", parts[1]);
    if (decode("signature", parts[2]).length == 0) {
      throw malformed("signature: empty");
    }
    Instant expiry = time(claims, "exp");
    if (expiry == null) {
      throw malformed("exp: missing");
    }
    List<String> audience = audience(claims.get("aud"));
    return new JwtSvid(token, keyId, subject(claims), audience, time(claims, "nbf"), expiry);
  }

  private static String keyId(Map<?, ?> header) throws SvidRejectedException {
    Object algorithm = header.get("alg");
    if (!(algorithm instanceof String) || !ALGORITHMS.contains(algorithm)) {
      throw new SvidRejectedException(
          SvidRejection.TOKEN_ALGORITHM,
          null,
          "alg: " + shown(algorithm) + " (expected: RS, ES or PS with 256, 384 or 512)");
    }
    for (Object name : header.keySet()) {
      if (!HEADER.contains(name)) {
        throw new SvidRejectedException(
            SvidRejection.TOKEN_HEADER, null, shown(name) + " (expected: alg, kid and typ alone)");
      }
    }
    if (header.containsKey("typ") && !TYPES.contains(header.get("typ"))) {
      throw new SvidRejectedException(
          SvidRejection.TOKEN_HEADER,
          null,
          "typ: " + shown(header.get("typ")) + " (expected: JWT, JOSE or none)");
    }
    if (header.get("kid") instanceof String kid && !kid.isEmpty()) {
      return kid;
    }
    throw new SvidRejectedException(
        SvidRejection.TOKEN_HEADER, null, "kid: none (expected: the id of a key)");
  }

  private static SpiffeId subject(Map<?, ?> claims) throws SvidRejectedException {
    if (!(claims.get("sub") instanceof String subject)) {
      throw malformed("sub: no string (expected: a SPIFFE ID)");
    }
    String problem = SpiffeId.problem(subject);
    if (problem != null) {
      throw new SvidRejectedException(
          SvidRejection.ID_INVALID, null, "sub: " + Quoted.of(subject) + ": " + problem);
    }
    SpiffeId id = SpiffeId.parse(subject);
    if (!id.namesWorkload()) {
      throw new SvidRejectedException(
          SvidRejection.ID_WITHOUT_PATH, id, "names a trust domain (expected: an ID with a path)");
    }
    return id;
  }

  private static List<String> audience(@Nullable Object claim) throws SvidRejectedException {
    if (claim instanceof String one) {
      return List.of(one);
    }
    List<String> audience = new ArrayList<>();
    if (claim instanceof List<?> several) {
      for (Object each : several) {
        if (!(each instanceof String name)) {
          throw malformed("aud: no strings (expected: strings)");
        }
        audience.add(name);
      }
    }
    if (audience.isEmpty()) {
      throw malformed("aud: none (expected: a string, or some)");
    }
    return audience;
  }

  private static @Nullable Instant time(Map<?, ?> claims, String name)
      throws SvidRejectedException {
    if (!claims.containsKey(name)) {
      return null;
    }
    if (claims.get(name) instanceof Number seconds) {
      try {
        // A fraction is cut off; what is no finite number becomes one that is out of range.
        return Instant.ofEpochSecond(seconds.longValue());
      } catch (DateTimeException e) {
        throw malformed(name + ": out of range");
      }
    }
    throw malformed(name + ": no number (expected: seconds since 1970)");
  }

  private static Map<?, ?> object(String name, String part) throws SvidRejectedException {
    try {
      String json = UTF_8.newDecoder().decode(ByteBuffer.wrap(decode(name, part))).toString();
      if (Json.parse(json) instanceof Map<?, ?> object) {
        return object;
      }
    } catch (CharacterCodingException e) {
      throw malformed(name + ": not UTF-8");
    } catch (Json.Malformed e) {
      throw malformed(name + ": " + e.getMessage());
    }
    throw malformed(name + ": no JSON object");
  }

  private static byte[] decode(String name, String part) throws SvidRejectedException {
    try {
      if (part.indexOf('=') < 0) {
        return Base64.getUrlDecoder().decode(part);
      }
    } catch (IllegalArgumentException e) {
      // It is said below.
    }
    throw malformed(name + ": not base64url");
  }

  private static String shown(@Nullable Object value) {
    return value instanceof String text ? Quoted.of(text) : "none";
  }

  private static SvidRejectedException malformed(String details) {
    return new SvidRejectedException(TOKEN_MALFORMED, null, "token: " + details);
  }
}
