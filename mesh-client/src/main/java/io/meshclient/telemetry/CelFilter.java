package io.meshclient.telemetry;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.meshclient.telemetry.CelTokens.Kind;
import io.meshclient.telemetry.CelTokens.Token;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of <a href="https://cel.dev">CEL</a> that filters of access logs are written in:
 * comparisons of <a
 * href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes">Envoy's
 * attributes</a> with constants, joined by {@code &&}, {@code ||}, {@code !} and parentheses;
 * {@code has()}, {@code startsWith()}, {@code endsWith()}, {@code contains()}, {@code matches()}.
 * As with Envoy, a request of which an attribute is not known does not pass a comparison with it.
 */
final class CelFilter {
  private static final List<String> FUNCTIONS =
      List.of("startsWith", "endsWith", "contains", "matches");

  private final String expression;
  private final List<Token> tokens;
  private int next;

  private CelFilter(String expression) {
    this.expression = expression;
    this.tokens = CelTokens.of(expression);
  }

  /**
   * @throws IllegalArgumentException if it is not in the part of CEL that is understood
   */
  static Predicate<RequestFacts> parse(String expression) {
    CelFilter parser = new CelFilter(expression);
    Predicate<RequestFacts> filter = parser.or();
    if (parser.peek().kind() != Kind.END) {
      throw parser.expected("&&, || or the end");
    }
    return filter;
  }

  private Predicate<RequestFacts> or() {
    Predicate<RequestFacts> left = and();
    while (takes("||")) {
      left = left.or(and());
    }
    return left;
  }

  private Predicate<RequestFacts> and() {
    Predicate<RequestFacts> left = not();
    while (takes("&&")) {
      left = left.and(not());
    }
    return left;
  }

  private Predicate<RequestFacts> not() {
    if (takes("!")) {
      return not().negate();
    }
    if (takes("(")) {
      Predicate<RequestFacts> inner = or();
      take(")");
      return inner;
    }
    if (isWord("has") && ahead(1).is("(")) {
      next += 2;
      Function<RequestFacts, @Nullable Object> value = attribute();
      take(")");
      return facts -> value.apply(facts) != null;
    }
    if (isWord("true") || isWord("false")) {
      boolean constant = next().text().equals("true");
      return facts -> constant;
    }
    return comparison();
  }

  private Predicate<RequestFacts> comparison() {
    Function<RequestFacts, @Nullable Object> value = attribute();
    if (takes(".")) {
      return call(value);
    }
    return switch (peek().kind() == Kind.SIGN ? peek().text() : "") {
      case "==" -> equality(value, true);
      case "!=" -> equality(value, false);
      case "<" -> order(value, order -> order < 0);
      case "<=" -> order(value, order -> order <= 0);
      case ">" -> order(value, order -> order > 0);
      case ">=" -> order(value, order -> order >= 0);
      default -> facts -> Boolean.TRUE.equals(value.apply(facts));
    };
  }

  private Predicate<RequestFacts> equality(
      Function<RequestFacts, @Nullable Object> value, boolean equal) {
    next();
    Object constant = constant();
    return facts -> {
      Object actual = value.apply(facts);
      return actual != null && same(actual, constant) == equal;
    };
  }

  private static boolean same(Object actual, Object constant) {
    return actual instanceof Number a && constant instanceof Number b
        ? Double.compare(a.doubleValue(), b.doubleValue()) == 0
        : actual.equals(constant);
  }

  private Predicate<RequestFacts> order(
      Function<RequestFacts, @Nullable Object> value, IntPredicate wanted) {
    next();
    Object constant = constant();
    if (!(constant instanceof Number number)) {
      throw new IllegalArgumentException(
          "filter: \"" + expression + "\": " + constant + " (expected: a number or a duration)");
    }
    return facts ->
        value.apply(facts) instanceof Number actual
            && wanted.test(Double.compare(actual.doubleValue(), number.doubleValue()));
  }

  private Predicate<RequestFacts> call(Function<RequestFacts, @Nullable Object> value) {
    String name = next().text();
    if (!FUNCTIONS.contains(name)) {
      throw new IllegalArgumentException(
          "filter: \"" + expression + "\": " + name + "() (expected: one of " + FUNCTIONS + ")");
    }
    take("(");
    String argument = string();
    take(")");
    BiPredicate<String, String> test =
        switch (name) {
          case "startsWith" -> String::startsWith;
          case "endsWith" -> String::endsWith;
          case "contains" -> String::contains;
          default -> matcher(argument);
        };
    return facts -> value.apply(facts) instanceof String text && test.test(text, argument);
  }

  /** CEL's find within the text. */
  private static BiPredicate<String, String> matcher(String expression) {
    try {
      Pattern pattern = Pattern.compile(expression);
      return (text, same) -> pattern.matcher(text).find();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "matches(\"" + expression + "\"): " + e.getMessage() + " (expected: RE2's syntax)", e);
    }
  }

  private Object constant() {
    Token token = peek();
    if (token.kind() == Kind.STRING) {
      return next().text();
    }
    if (token.kind() == Kind.NUMBER) {
      double number = number(token.text());
      next();
      return number;
    }
    if (isWord("true") || isWord("false")) {
      return Boolean.valueOf(next().text());
    }
    if (isWord("duration")) {
      next();
      take("(");
      double nanos = CelAttributes.duration(string());
      take(")");
      return nanos;
    }
    throw expected("a number, a string, true, false or duration()");
  }

  private double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw expected("a number");
    }
  }

  /** {@code response.code}, or {@code request.headers["name"]}. */
  private Function<RequestFacts, @Nullable Object> attribute() {
    Token first = peek();
    if (first.kind() != Kind.WORD) {
      throw expected("an attribute, such as response.code");
    }
    next();
    StringBuilder name = new StringBuilder(first.text());
    String key = null;
    while (peek().is(".") && !ahead(2).is("(")) {
      next++;
      if (peek().kind() != Kind.WORD) {
        throw expected("a name behind the dot");
      }
      name.append('.').append(next().text());
    }
    if (takes("[")) {
      key = string();
      take("]");
    }
    return CelAttributes.of(name.toString(), key, expression);
  }

  private String string() {
    if (peek().kind() != Kind.STRING) {
      throw expected("a string");
    }
    return next().text();
  }

  private Token peek() {
    return ahead(0);
  }

  /** The token that many behind the next one; the end where there are not so many. */
  private Token ahead(int many) {
    return tokens.get(Math.min(next + many, tokens.size() - 1));
  }

  private boolean isWord(String word) {
    return peek().kind() == Kind.WORD && peek().text().equals(word);
  }

  private Token next() {
    Token token = peek();
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  private boolean takes(String sign) {
    boolean there = peek().is(sign);
    if (there) {
      next++;
    }
    return there;
  }

  private void take(String sign) {
    if (!takes(sign)) {
      throw expected(sign);
    }
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(
        "filter: \"" + expression + "\": " + peek().text() + " (expected: " + what + ")");
  }
}
