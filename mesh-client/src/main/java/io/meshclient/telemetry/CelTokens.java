package io.meshclient.telemetry;

import java.util.ArrayList;
import java.util.List;

/** Cuts an expression of CEL into its words, numbers, strings and signs. */
final class CelTokens {

  /** What a token is. */
  enum Kind {
    WORD,
    NUMBER,
    STRING,
    SIGN,
    END
  }

  record Token(Kind kind, String text) {

    boolean is(String sign) {
      return kind == Kind.SIGN && text.equals(sign);
    }
  }

  /** What is nested or joined is as deep as the stack of whoever reads or asks it. */
  private static final int MOST = 1000;

  private static final List<String> SIGNS =
      List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ",");

  private CelTokens() {}

  /**
   * @throws IllegalArgumentException at a character that begins nothing, or for too many
   */
  static List<Token> of(String expression) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < expression.length()) {
      if (tokens.size() == MOST) {
        throw new IllegalArgumentException(
            expression.substring(0, 20)
                + "...: too long (expected: "
                + MOST
                + " words and signs at most)");
      }
      char c = expression.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (Character.isLetter(c) || c == '_') {
        at = add(tokens, Kind.WORD, expression, at, endOfWord(expression, at));
      } else if (isDigit(c) || c == '-') {
        at = add(tokens, Kind.NUMBER, expression, at, endOfNumber(expression, at + 1));
      } else if (c == '"' || c == '\'') {
        at = string(tokens, expression, at);
      } else {
        String sign = sign(expression, at);
        tokens.add(new Token(Kind.SIGN, sign));
        at += sign.length();
      }
    }
    tokens.add(new Token(Kind.END, "the end"));
    return tokens;
  }

  private static int add(List<Token> tokens, Kind kind, String text, int from, int to) {
    tokens.add(new Token(kind, text.substring(from, to)));
    return to;
  }

  private static int string(List<Token> tokens, String text, int from) {
    char quote = text.charAt(from);
    StringBuilder value = new StringBuilder();
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        tokens.add(new Token(Kind.STRING, value.toString()));
        return i + 1;
      }
      boolean escaped = c == '\\' && i + 1 < text.length();
      value.append(escaped ? text.charAt(++i) : c);
    }
    throw new IllegalArgumentException(
        text.substring(from) + " (expected: a second " + quote + ")");
  }

  private static String sign(String text, int at) {
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        return sign;
      }
    }
    throw new IllegalArgumentException(
        text.substring(at) + " (expected: no " + text.charAt(at) + ")");
  }

  private static int endOfWord(String text, int from) {
    int to = from;
    while (to < text.length()
        && (Character.isLetterOrDigit(text.charAt(to)) || text.charAt(to) == '_')) {
      to++;
    }
    return to;
  }

  private static int endOfNumber(String text, int from) {
    int to = from;
    while (to < text.length() && (isDigit(text.charAt(to)) || text.charAt(to) == '.')) {
      to++;
    }
    return to;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
