package io.meshclient.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claims as values of headers, in Envoy's way: numbers are those of JavaScript. */
final class ClaimText {
  private static final double TWO_TO_THE_64 = 0x1p64;

  /** Up to here every whole number is one of JavaScript's. */
  private static final double EXACT = 0x1p53;

  private ClaimText() {}

  /**
   * The claim by its path.
   *
   * @param path names, with dots between objects and their members
   * @return {@code null} if there is none
   */
  static @Nullable Object find(Map<String, Object> claims, String path) {
    Object found = claims;
    for (int from = 0; from <= path.length(); ) {
      int dot = path.indexOf('.', from);
      int to = dot < 0 ? path.length() : dot;
      if (!(found instanceof Map<?, ?> object)) {
        return null;
      }
      found = object.get(path.substring(from, to));
      from = to + 1;
    }
    return found;
  }

  /** The value, one char a byte of UTF-8; empty for what is not handed on. */
  static String of(@Nullable Object claim) {
    if (claim instanceof String text) {
      return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
    if (claim instanceof Number number) {
      return number(number.doubleValue());
    }
    if (claim instanceof Boolean) {
      return claim.toString();
    }
    if (claim instanceof List<?> || claim instanceof Map<?, ?>) {
      StringBuilder json = new StringBuilder();
      write(json, claim);
      return Base64.getEncoder().encodeToString(json.toString().getBytes(UTF_8));
    }
    return "";
  }

  private static String number(double value) {
    boolean whole = value >= 0 && value < TWO_TO_THE_64 && value == Math.rint(value);
    return whole
        ? new BigDecimal(value).toBigInteger().toString()
        : String.format(Locale.ROOT, "%.6f", new BigDecimal(value));
  }

  private static void write(StringBuilder json, @Nullable Object value) {
    if (value instanceof String text) {
      string(json, text);
    } else if (value instanceof Number number) {
      double d = number.doubleValue();
      boolean whole = d == Math.rint(d) && Math.abs(d) < EXACT;
      json.append(whole ? Long.toString((long) d) : Double.toString(d));
    } else if (value instanceof List<?> list) {
      char before = '[';
      for (Object element : list) {
        json.append(before);
        write(json, element);
        before = ',';
      }
      json.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof Map<?, ?> object) {
      char before = '{';
      for (Map.Entry<?, ?> member : object.entrySet()) {
        json.append(before);
        string(json, member.getKey().toString());
        json.append(':');
        write(json, member.getValue());
        before = ',';
      }
      json.append(object.isEmpty() ? "{}" : "}");
    } else {
      json.append(value instanceof Boolean ? value : "null");
    }
  }

  private static void string(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (isEscaped(c)) {
            json.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  private static boolean isEscaped(char c) {
    return c < ' ' || c == '<' || c == '>' || c == 0x7f || c == 0x2028 || c == 0x2029;
  }
}
