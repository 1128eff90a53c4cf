package io.meshclient.context;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a header's name and value must be like (RFC 9110, sections 5.1, 5.5 and 7.6.1). */
final class HeaderRules {

  static final String REQUEST_ID = "x-request-id";
  static final String BAGGAGE = "baggage";
  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";

  private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

  /** Belong to one connection or to one message, or are set by whoever writes it. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "accept-encoding",
          "connection",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Credentials and proofs of identity that their names' parts do not give away. */
  private static final Set<String> SENSITIVE =
      Set.of(
          "apikey",
          "x-amzn-oidc-accesstoken",
          "x-amzn-oidc-data",
          "x-api-key",
          "x-apikey",
          "x-forwarded-client-cert",
          "api-key");

  private static final Set<String> SENSITIVE_PARTS =
      Set.of(
          "authorization",
          "cookie",
          "cookie2",
          "credential",
          "credentials",
          "jwt",
          "password",
          "secret",
          "token");

  private HeaderRules() {}

  /**
   * The name in lower case.
   *
   * @throws IllegalArgumentException if it is not a token, or may not travel at all
   */
  static String checkedName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!isToken(lower)) {
      throw new IllegalArgumentException(
          "header: " + printable(name) + " (expected: a header name, RFC 9110 section 5.1)");
    }
    if (isHopByHop(lower)) {
      throw new IllegalArgumentException(
          "header: "
              + lower
              + " (expected: a header that is not bound to one connection or message)");
    }
    return lower;
  }

  static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
      if (!alphanumeric && TOKEN_PUNCTUATION.indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  static boolean isHopByHop(String lowerName) {
    return HOP_BY_HOP.contains(lowerName)
        || lowerName.startsWith("proxy-")
        || lowerName.startsWith("content-");
  }

  /** Whether the name is that of a credential: such a header goes only where it is sent by name. */
  static boolean isSensitive(String lowerName) {
    if (SENSITIVE.contains(lowerName)) {
      return true;
    }
    for (String part : SENSITIVE_PARTS) {
      if (hasPart(lowerName, part)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What is wrong with a value, or null if nothing is. Only visible ASCII, space and tab pass:
   * bytes above 127 have no agreed meaning in a header, and HTTP clients refuse them. The value
   * itself is not in the answer, for it may be a secret.
   */
  static @Nullable String problem(String value, int maxLength) {
    if (value.length() > maxLength) {
      return "length " + value.length() + " (expected: <= " + maxLength + ")";
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c > '~') {
        return String.format(
            Locale.ROOT,
            "character 0x%02X at index %d (expected: visible ASCII, space or tab)",
            (int) c,
            i);
      }
    }
    return null;
  }

  private static boolean hasPart(String name, String part) {
    for (int at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1)) {
      if (isBoundary(name, at - 1) && isBoundary(name, at + part.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBoundary(String name, int index) {
    return index < 0 || index >= name.length() || "-_.".indexOf(name.charAt(index)) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** So that a broken name cannot break a log's lines either. */
  static String printable(String name) {
    StringBuilder out = new StringBuilder("\"");
    name.chars()
        .limit(64)
        .forEach(c -> out.append(c < ' ' || c > '~' ? String.format("\\u%04x", c) : (char) c));
    return out.append('"').toString();
  }
}
