package io.meshclient.identity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON by RFC 8259 and no further: no comments, one value, and no name twice in an object,
 * since readers differ in which of the two they believe. Objects are maps in order, arrays lists,
 * both not to be changed, numbers {@code Long} where they are integers of 64 bits and {@code
 * Double} elsewhere, and {@code null} is {@link #NULL}.
 */
final class Json {
  static final Object NULL = new Object();

  private static final int MAX_DEPTH = 32;
  private static final String ESCAPES = "\"\\/bfnrt";
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";

  /** It is no JSON; the message says where and why, in one line of ASCII. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  private final String text;
  private final int maxDepth;
  private int at;

  private Json(String text, int maxDepth) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  static Object parse(String text) throws Malformed {
    return parse(text, MAX_DEPTH);
  }

  static Object parse(String text, int maxDepth) throws Malformed {
    Json json = new Json(text, maxDepth);
    Object value = json.value(0);
    json.space();
    if (json.at < text.length()) {
      throw json.malformed("more behind the value");
    }
    return value;
  }

  private Object value(int depth) throws Malformed {
    space();
    if (depth > maxDepth) {
      throw malformed("deeper than " + maxDepth);
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) throws Malformed {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    space();
    if (peek() == '}') {
      at++;
      return Collections.unmodifiableMap(members);
    }
    while (true) {
      space();
      int where = at;
      String name = string();
      space();
      expect(':');
      if (members.put(name, value(depth + 1)) != null) {
        at = where;
        throw malformed("name twice");
      }
      space();
      if (peek() == '}') {
        at++;
        return Collections.unmodifiableMap(members);
      }
      expect(',');
    }
  }

  private List<Object> array(int depth) throws Malformed {
    List<Object> elements = new ArrayList<>();
    at++;
    space();
    if (peek() == ']') {
      at++;
      return Collections.unmodifiableList(elements);
    }
    while (true) {
      elements.add(value(depth + 1));
      space();
      if (peek() == ']') {
        at++;
        return Collections.unmodifiableList(elements);
      }
      expect(',');
    }
  }

  private String string() throws Malformed {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (true) {
      int c = peek();
      if (c < ' ') {
        throw malformed("string without end");
      }
      at++;
      if (c == '"') {
        return whole(value.toString());
      }
      value.append(c == '\\' ? escape() : (char) c);
    }
  }

  /** Half a character, which only escapes can make, is none: what it becomes would be chance. */
  private String whole(String value) throws Malformed {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean half =
          Character.isHighSurrogate(c) && !isLow(value, i + 1)
              || Character.isLowSurrogate(c) && !isHigh(value, i - 1);
      if (half) {
        throw malformed("half a character");
      }
    }
    return value;
  }

  private static boolean isLow(String value, int at) {
    return at < value.length() && Character.isLowSurrogate(value.charAt(at));
  }

  private static boolean isHigh(String value, int at) {
    return at >= 0 && Character.isHighSurrogate(value.charAt(at));
  }

  private char escape() throws Malformed {
    int c = peek();
    at++;
    int known = ESCAPES.indexOf(c);
    if (known >= 0) {
      return ESCAPED.charAt(known);
    }
    if (c != 'u') {
      throw malformed("unknown escape");
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int next = peek();
      int digit = next < 0x80 ? Character.digit(next, 16) : -1;
      if (digit < 0) {
        throw malformed("not a hexadecimal digit");
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  private Object number() throws Malformed {
    int from = at;
    skip('-');
    int integer = at;
    digits();
    if (at - integer > 1 && text.charAt(integer) == '0') {
      throw malformed("number with leading zero");
    }
    boolean whole = true;
    if (skip('.')) {
      whole = false;
      digits();
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('+')) {
        skip('-');
      }
      digits();
    }
    String number = text.substring(from, at);
    try {
      return whole ? (Object) Long.valueOf(number) : Double.valueOf(number);
    } catch (NumberFormatException e) {
      return Double.valueOf(number);
    }
  }

  private void digits() throws Malformed {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == from) {
      throw malformed("no value");
    }
  }

  private Object word(String word, Object value) throws Malformed {
    if (!text.startsWith(word, at)) {
      throw malformed("no value");
    }
    at += word.length();
    return value;
  }

  private void expect(char c) throws Malformed {
    if (!skip(c)) {
      throw malformed("no " + c);
    }
  }

  private boolean skip(char c) {
    boolean there = peek() == c;
    at += there ? 1 : 0;
    return there;
  }

  private void space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
      at++;
    }
  }

  /** -1 at the end. */
  private int peek() {
    return at < text.length() ? text.charAt(at) : -1;
  }

  private Malformed malformed(String what) {
    return new Malformed("JSON: " + what + " at " + at);
  }
}
