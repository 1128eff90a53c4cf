package io.meshclient.istio;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** What YAML takes a scalar for, by the rules that kubectl follows. */
final class Scalars {
  enum Kind {
    NULL("null"),
    BOOLEAN("a boolean"),
    INTEGER("an integer"),
    FLOAT("a number"),
    STRING("a string");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private static final int MAX_DIGITS = 400;

  private Scalars() {}

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && kind(scalar) == Kind.NULL;
  }

  static Kind kind(ScalarNode node) {
    Tag tag = node.getTag();
    if (Tag.NULL.equals(tag)) {
      return Kind.NULL;
    }
    if (Tag.BOOL.equals(tag)) {
      return Kind.BOOLEAN;
    }
    if (Tag.INT.equals(tag) && integer(node) != null) {
      return Kind.INTEGER;
    }
    boolean numeric = Tag.INT.equals(tag) || Tag.FLOAT.equals(tag);
    return numeric && decimal(node) != null ? Kind.FLOAT : Kind.STRING;
  }

  static boolean bool(ScalarNode node) {
    String text = node.getValue().toLowerCase(Locale.ROOT);
    return text.equals("true") || text.equals("yes") || text.equals("on");
  }

  /** A whole number; also one such as {@code 90.0}, which JSON does not tell from {@code 90}. */
  static @Nullable BigInteger whole(ScalarNode node) {
    Kind kind = kind(node);
    if (kind == Kind.INTEGER) {
      return integer(node);
    }
    BigDecimal decimal = kind == Kind.FLOAT ? decimal(node) : null;
    return decimal == null || decimal.stripTrailingZeros().scale() > 0
        ? null
        : decimal.toBigInteger();
  }

  static @Nullable Double number(ScalarNode node) {
    Kind kind = kind(node);
    if (kind == Kind.INTEGER) {
      BigInteger integer = integer(node);
      return integer == null ? null : integer.doubleValue();
    }
    BigDecimal decimal = kind == Kind.FLOAT ? decimal(node) : null;
    return decimal == null ? null : (Double) decimal.doubleValue();
  }

  /** Decimal, {@code 0x}, {@code 0b} and octal; not the {@code 1:30} of YAML 1.1. */
  private static @Nullable BigInteger integer(ScalarNode node) {
    String text = node.getValue().replace("_", "");
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      radix = 16;
      digits = digits.substring(2);
    } else if (digits.startsWith("0b")) {
      radix = 2;
      digits = digits.substring(2);
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      radix = 8;
      digits = digits.substring(1);
    }
    if (digits.isEmpty() || digits.length() > MAX_DIGITS || !isDigits(digits, radix)) {
      return null;
    }
    BigInteger value = new BigInteger(digits, radix);
    return negative ? value.negate() : value;
  }

  private static boolean isDigits(String text, int radix) {
    return text.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
  }

  private static @Nullable BigDecimal decimal(ScalarNode node) {
    String text = node.getValue().replace("_", "");
    if (text.length() > MAX_DIGITS) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      return Math.abs((long) value.scale()) > MAX_DIGITS ? null : value;
    } catch (NumberFormatException e) {
      return null; // .inf, .nan and 1:30.5 count as text
    }
  }
}
