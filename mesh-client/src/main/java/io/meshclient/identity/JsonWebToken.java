package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A signed JSON Web Token (RFC 7519), read as Envoy reads it, and not believed yet: {@link
 * JwkSet#check} looks at its signature; times, issuer and audience are the caller's to check.
 * Immutable.
 */
public final class JsonWebToken {
  /** Far above what goes into a request's headers. */
  private static final int MAX_LENGTH = 1 << 16;

  private static final Set<String> ALGORITHMS =
      Set.of(
          "ES256", "ES384", "ES512", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
          "PS384", "PS512", "EdDSA");

  /** As deep as Envoy goes. */
  private static final int MAX_DEPTH = 99;

  private static final double TWO_TO_THE_64 = 0x1p64;

  private final String algorithm;
  private final String keyId;
  private final String issuer;
  private final @Nullable String subject;
  private final List<String> audiences;
  private final long notBefore;
  private final long expiry;
  private final Map<String, Object> claims;
  private final String payload;
  private final byte[] signed;
  private final byte[] signature;

  private JsonWebToken(String header, String payload, String signature) throws BadTokenException {
    Map<String, Object> head = object(header, TokenFault.HEADER_BASE64, TokenFault.HEADER_JSON);
    String named = text(head, "alg", TokenFault.HEADER_ALG);
    if (named == null) {
      throw new BadTokenException(TokenFault.HEADER_ALG);
    }
    if (!ALGORITHMS.contains(named)) {
      throw new BadTokenException(TokenFault.UNSUPPORTED_ALG);
    }
    algorithm = named;
    keyId = orEmpty(text(head, "kid", TokenFault.HEADER_KID));
    claims = object(payload, TokenFault.PAYLOAD_BASE64, TokenFault.PAYLOAD_JSON);
    issuer = orEmpty(text(claims, "iss", TokenFault.ISS_NO_STRING));
    subject = text(claims, "sub", TokenFault.SUB_NO_STRING);
    seconds("iat", TokenFault.IAT_NO_NUMBER, TokenFault.IAT_OUT_OF_RANGE);
    notBefore = seconds("nbf", TokenFault.NBF_NO_NUMBER, TokenFault.NBF_OUT_OF_RANGE);
    expiry = seconds("exp", TokenFault.EXP_NO_NUMBER, TokenFault.EXP_OUT_OF_RANGE);
    text(claims, "jti", TokenFault.JTI_NO_STRING);
    audiences = strings(claims.get("aud"));
    this.payload = payload;
    this.signature = decode(signature, TokenFault.SIGNATURE_BASE64);
    this.signed = (header + '.' + payload).getBytes(ISO_8859_1);
  }

  /**
   * Reads a token in its compact form.
   *
   * @throws BadTokenException if it is none, or one that Envoy would not read
   */
  public static JsonWebToken parse(String token) throws BadTokenException {
    requireNonNull(token, "token");
    if (token.length() > MAX_LENGTH) {
      throw new BadTokenException(TokenFault.BAD_FORMAT);
    }
    // Empty sections are passed over, so a dot in front or behind changes nothing.
    String[] sections = new String[3];
    int count = 0;
    for (int from = 0; from < token.length(); ) {
      int dot = token.indexOf('.', from);
      int to = dot < 0 ? token.length() : dot;
      if (to > from && count++ < sections.length) {
        sections[count - 1] = token.substring(from, to);
      }
      from = to + 1;
    }
    if (count != sections.length) {
      throw new BadTokenException(TokenFault.BAD_FORMAT);
    }
    return new JsonWebToken(sections[0], sections[1], sections[2]);
  }

  private static Map<String, Object> object(String section, TokenFault base64, TokenFault json)
      throws BadTokenException {
    byte[] octets = decode(section, base64);
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      if (Json.parse(text, MAX_DEPTH) instanceof Map<?, ?> object) {
        @SuppressWarnings("unchecked") // an object's members are named by strings
        Map<String, Object> members = (Map<String, Object>) object;
        return Collections.unmodifiableMap(members);
      }
    } catch (CharacterCodingException | Json.Malformed e) {
      throw new BadTokenException(json);
    }
    throw new BadTokenException(json);
  }

  private static byte[] decode(String section, TokenFault fault) throws BadTokenException {
    try {
      // White space and padding are taken, as Envoy does: the signature is of what was sent.
      return Base64.getUrlDecoder().decode(withoutSpace(section));
    } catch (IllegalArgumentException e) {
      throw new BadTokenException(fault);
    }
  }

  private static String withoutSpace(String section) {
    if (section.indexOf(' ') < 0 && section.indexOf('\t') < 0) {
      return section;
    }
    return section.replace(" ", "").replace("\t", "");
  }

  private static @Nullable String text(Map<String, Object> object, String name, TokenFault fault)
      throws BadTokenException {
    Object value = object.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new BadTokenException(fault);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** 0 where it is missing, as if it were not there; a fraction is cut off. */
  private long seconds(String name, TokenFault noNumber, TokenFault outOfRange)
      throws BadTokenException {
    Object value = claims.get(name);
    if (value == null) {
      return 0;
    }
    if (!(value instanceof Number number)) {
      throw new BadTokenException(noNumber);
    }
    double seconds = number.doubleValue();
    if (!(seconds >= 0 && seconds < TWO_TO_THE_64)) {
      throw new BadTokenException(outOfRange);
    }
    return (long) seconds;
  }

  private static List<String> strings(@Nullable Object value) throws BadTokenException {
    if (value == null) {
      return List.of();
    }
    if (value instanceof String one) {
      return List.of(one);
    }
    if (!(value instanceof List<?> list)) {
      throw new BadTokenException(TokenFault.AUD_NO_STRINGS);
    }
    List<String> strings = new ArrayList<>();
    for (Object element : list) {
      if (!(element instanceof String one)) {
        throw new BadTokenException(TokenFault.AUD_NO_STRINGS);
      }
      strings.add(one);
    }
    return List.copyOf(strings);
  }

  /** {@code alg}: one that Envoy knows, never {@code none}. */
  public String algorithm() {
    return algorithm;
  }

  /** {@code kid}; empty if it names none. */
  public String keyId() {
    return keyId;
  }

  /** {@code iss}; empty if it names none. */
  public String issuer() {
    return issuer;
  }

  /** {@code sub}. */
  public @Nullable String subject() {
    return subject;
  }

  /** {@code aud}, one or several. */
  public List<String> audiences() {
    return audiences;
  }

  /** {@code nbf} in seconds since 1970; 0 if it does not say. */
  public long notBefore() {
    return notBefore;
  }

  /** {@code exp} in seconds since 1970; 0 if it does not say. */
  public long expiry() {
    return expiry;
  }

  /**
   * All claims, in order: strings, {@code Long} and {@code Double}, booleans, lists and maps of
   * these; what is {@code null} in the token is an object of no such type.
   */
  public Map<String, Object> claims() {
    return claims;
  }

  /** The payload as it was sent, in base64url. */
  public String payload() {
    return payload;
  }

  byte[] signed() {
    return signed;
  }

  byte[] signature() {
    return signature;
  }

  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return "token of " + Quoted.of(issuer);
  }
}
