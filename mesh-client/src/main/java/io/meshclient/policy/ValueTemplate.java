package io.meshclient.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A header value that may hold Envoy's command operators: {@code %REQ(name?alternative):length%}
 * and {@code %RESP(name?alternative)%}, also by their long names {@code REQUEST_HEADER} and {@code
 * RESPONSE_HEADER}, {@code %PATH(NQ)%}, {@code %QUERY_PARAM(name)%}, {@code %PROTOCOL%}, {@code
 * %ROUTE_NAME%}, {@code %RESPONSE_CODE%}, {@code %RESPONSE_FLAGS%}, {@code %UPSTREAM_CLUSTER%},
 * {@code %UPSTREAM_HOST%}, {@code %START_TIME%}, {@code %HOSTNAME%}; {@code %%} is a percent sign.
 * What an operator finds nothing for is empty.
 */
final class ValueTemplate {

  private interface Part {
    @Nullable String evaluate(TemplateContext context);
  }

  private final String text;
  private final Part[] parts;
  private final String literal;

  private ValueTemplate(String text, List<Part> parts, String literal) {
    this.text = text;
    this.parts = parts.toArray(new Part[0]);
    this.literal = literal;
  }

  /**
   * Compiles a value.
   *
   * @throws IllegalArgumentException with what is wrong, for an operator that does not exist here
   */
  static ValueTemplate compile(String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        literal.append(c);
        continue;
      }
      if (i + 1 < text.length() && text.charAt(i + 1) == '%') {
        literal.append('%');
        i++;
        continue;
      }
      int end = operatorEnd(text, i + 1);
      if (end < 0) {
        throw new IllegalArgumentException(
            "\"" + text + "\" (expected: a closing %, or %% for a percent sign)");
      }
      if (!literal.isEmpty()) {
        parts.add(constant(literal.toString()));
        literal.setLength(0);
      }
      parts.add(operator(text.substring(i + 1, end)));
      i = end;
    }
    if (parts.isEmpty()) {
      return new ValueTemplate(text, parts, literal.toString());
    }
    if (!literal.isEmpty()) {
      parts.add(constant(literal.toString()));
    }
    return new ValueTemplate(text, parts, "");
  }

  /** A value without operators. */
  static ValueTemplate literal(String text) {
    return new ValueTemplate(text, List.of(), text);
  }

  /** Whether it is the same for every call. */
  boolean isConstant() {
    return parts.length == 0;
  }

  /** The value for one call; empty where nothing was found. */
  String evaluate(TemplateContext context) {
    if (parts.length == 0) {
      return literal;
    }
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      String value = part.evaluate(context);
      if (value != null) {
        out.append(value);
      }
    }
    return out.toString();
  }

  private static int operatorEnd(String text, int from) {
    boolean inParentheses = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        inParentheses = true;
      } else if (c == ')') {
        inParentheses = false;
      } else if (c == '%' && !inParentheses) {
        return i;
      }
    }
    return -1;
  }

  private static Part constant(String text) {
    return context -> text;
  }

  private static Part operator(String command) {
    int open = command.indexOf('(');
    int close = command.lastIndexOf(')');
    String name = open < 0 ? command : command.substring(0, open);
    String argument = open >= 0 && close > open ? command.substring(open + 1, close) : "";
    int limit = limit(command, open >= 0 ? close + 1 : name.length());
    Part part = named(name, argument, command);
    return limit < 0 ? part : context -> truncated(part.evaluate(context), limit);
  }

  private static Part named(String name, String argument, String command) {
    return switch (name) {
      case "REQ", "REQUEST_HEADER" ->
          header(argument, (context, header) -> RequestHeaders.value(context.request(), header));
      case "RESP", "RESPONSE_HEADER" -> header(argument, TemplateContext::responseHeader);
      case "PATH" ->
          argument.equals("NQ")
              ? context -> context.request().path()
              : context -> context.request().pathAndQuery();
      case "QUERY_PARAM" -> context -> Condition.Query.first(context.request(), argument);
      case "ROUTE_NAME" -> TemplateContext::routeName;
      case "PROTOCOL" -> context -> "HTTP/1.1";
      case "RESPONSE_CODE" -> context -> Integer.toString(context.responseCode());
      case "RESPONSE_FLAGS" ->
          context -> context.responseFlags().isEmpty() ? "-" : context.responseFlags();
      case "UPSTREAM_CLUSTER" -> context -> context.cluster() + ";";
      case "UPSTREAM_HOST" -> TemplateContext::upstreamHost;
      case "START_TIME" -> context -> Instant.now().toString();
      case "HOSTNAME" -> constant(System.getenv().getOrDefault("HOSTNAME", "-"));
      case "DOWNSTREAM_REMOTE_ADDRESS",
          "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
          "DOWNSTREAM_LOCAL_ADDRESS" ->
          constant("-");
      default ->
          throw new IllegalArgumentException(
              "%"
                  + command
                  + "% (expected: one of REQ, RESP, PATH, QUERY_PARAM, PROTOCOL, ROUTE_NAME,"
                  + " RESPONSE_CODE, RESPONSE_FLAGS, UPSTREAM_CLUSTER, UPSTREAM_HOST, START_TIME,"
                  + " HOSTNAME)");
    };
  }

  private interface HeaderSource {
    @Nullable String find(TemplateContext context, String name);
  }

  private static Part header(String argument, HeaderSource source) {
    int question = argument.indexOf('?');
    String first = Names.lower(question < 0 ? argument : argument.substring(0, question));
    String second = question < 0 ? "" : Names.lower(argument.substring(question + 1));
    return context -> {
      String value = source.find(context, first);
      return value != null || second.isEmpty() ? value : source.find(context, second);
    };
  }

  private static int limit(String command, int from) {
    if (from >= command.length() || command.charAt(from) != ':') {
      return -1;
    }
    try {
      return Integer.parseInt(command.substring(from + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%" + command + "% (expected: a number after the colon)", e);
    }
  }

  private static @Nullable String truncated(@Nullable String value, int limit) {
    return value == null || value.length() <= limit ? value : value.substring(0, limit);
  }

  @Override
  public String toString() {
    return text;
  }
}
