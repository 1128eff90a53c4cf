package io.meshclient.identity;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the SPIFFE-ID standard, sections 2.1 to 2.3, read one {@code char} after the
 * other. No case is folded and nothing is decoded: what is not in the ASCII sets below is refused,
 * so that there is one spelling of an identity and text comparison is enough to tell two apart.
 *
 * <p>Every answer is {@code null} for what is right, else the reason in one line of ASCII;
 * positions count {@code char}s from 0. Nothing is allocated for what is right.
 */
final class SpiffeIdSyntax {
  static final String SCHEME = "spiffe://";

  /** All allowed characters are ASCII: a {@code char} is a byte. */
  private static final int MAX_BYTES = 2048;

  private static final int MAX_TRUST_DOMAIN_BYTES = 255;
  private static final String OF_TRUST_DOMAIN = " (expected: a-z 0-9 . - _)";
  private static final String OF_PATH = " (expected: a-z A-Z 0-9 . - _)";

  private SpiffeIdSyntax() {}

  static @Nullable String problem(String id) {
    int length = id.length();
    if (length == 0) {
      return "empty (expected: spiffe://trust-domain/path)";
    }
    if (length > MAX_BYTES) {
      return "length: " + length + " (expected: at most " + MAX_BYTES + " bytes)";
    }
    if (!id.startsWith(SCHEME)) {
      return schemeProblem(id);
    }
    int slash = pathStart(id);
    String problem = trustDomainProblem(id, SCHEME.length(), slash);
    return problem == null ? pathProblem(id, slash) : problem;
  }

  /** Where the path of an ID with the right scheme begins; its length if it has none. */
  static int pathStart(String id) {
    int slash = id.indexOf('/', SCHEME.length());
    return slash < 0 ? id.length() : slash;
  }

  static @Nullable String trustDomainProblem(String name) {
    return trustDomainProblem(name, 0, name.length());
  }

  static @Nullable String segmentProblem(String segment) {
    int length = segment.length();
    for (int i = 0; i < length; i++) {
      if (!isOfPath(segment.charAt(i))) {
        return "path: " + shown(segment, i) + OF_PATH;
      }
    }
    return segmentProblem(segment, 0, length);
  }

  private static String schemeProblem(String id) {
    for (int i = 0; i < id.length(); i++) {
      // It differs within the scheme's length, or it is shorter.
      if (id.charAt(i) != SCHEME.charAt(i)) {
        return "scheme: " + shown(id, i) + " (expected: " + SCHEME + ")";
      }
    }
    return "scheme: ends at " + id.length() + " (expected: " + SCHEME + ")";
  }

  private static @Nullable String trustDomainProblem(String text, int from, int to) {
    if (from == to) {
      return "trust domain: empty" + OF_TRUST_DOMAIN;
    }
    for (int i = from; i < to; i++) {
      if (!isOfTrustDomain(text.charAt(i))) {
        return "trust domain: " + shown(text, i) + OF_TRUST_DOMAIN;
      }
    }
    return to - from <= MAX_TRUST_DOMAIN_BYTES
        ? null
        : "trust domain: length " + (to - from) + " (expected: at most 255 bytes)";
  }

  /** The text from {@code slash} on is empty, or begins with a slash. */
  private static @Nullable String pathProblem(String id, int slash) {
    int end = id.length();
    int segment = slash + 1;
    for (int i = segment; i < end; i++) {
      char c = id.charAt(i);
      if (c == '/') {
        String problem = segmentProblem(id, segment, i);
        if (problem != null) {
          return problem;
        }
        segment = i + 1;
      } else if (!isOfPath(c)) {
        return "path: " + shown(id, i) + OF_PATH;
      }
    }
    if (slash == end) {
      return null;
    }
    return segment == end
        ? "path: '/' at " + (end - 1) + " (expected: no slash at the end)"
        : segmentProblem(id, segment, end);
  }

  private static @Nullable String segmentProblem(String text, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return "path: empty segment at " + from;
    }
    boolean relative = length <= 2 && text.charAt(from) == '.' && text.charAt(to - 1) == '.';
    return relative
        ? "path: \"" + text.substring(from, to) + "\" at " + from + " (expected: no such segment)"
        : null;
  }

  private static boolean isOfTrustDomain(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_';
  }

  private static boolean isOfPath(char c) {
    return isOfTrustDomain(c) || c >= 'A' && c <= 'Z';
  }

  private static String shown(String text, int at) {
    char c = text.charAt(at);
    String what =
        switch (c) {
          case ':' -> ", a port or another scheme";
          case '@' -> ", user information";
          case '%' -> ", percent-encoding";
          case '?' -> ", a query";
          case '#' -> ", a fragment";
          default -> c >= 'A' && c <= 'Z' ? ", upper case" : "";
        };
    return (c > ' ' && c < 0x7f ? "'" + c + "'" : codePoint(text.codePointAt(at)))
        + " at "
        + at
        + what;
  }

  private static String codePoint(int value) {
    return "U+" + HexFormat.of().withUpperCase().toHexDigits(value, value > 0xffff ? 5 : 4);
  }
}
