package io.meshclient.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a target's query, as Envoy takes them apart. */
final class QueryParameters {
  private final String path;

  /** Name, decoded, to the parameters of that name as they were sent. */
  private final Map<String, List<String>> parameters = new TreeMap<>();

  QueryParameters(String target) {
    int query = target.indexOf('?');
    path = query < 0 ? target : target.substring(0, query);
    for (int from = path.length() + 1; from < target.length(); ) {
      int and = target.indexOf('&', from);
      int to = and < 0 ? target.length() : and;
      String parameter = target.substring(from, to);
      parameters.computeIfAbsent(name(parameter), n -> new ArrayList<>()).add(parameter);
      from = to + 1;
    }
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    return decode(equals < 0 ? parameter : parameter.substring(0, equals));
  }

  /** The value of the first one of that name; {@code null} if there is none. */
  @Nullable String first(String name) {
    List<String> named = parameters.get(name);
    if (named == null) {
      return null;
    }
    int equals = named.get(0).indexOf('=');
    return equals < 0 ? "" : decode(named.get(0).substring(equals + 1));
  }

  /**
   * The target without the parameters of that name. The others are in the order of their names, as
   * Envoy puts them, but encoded as they were sent: it decodes them, so that {@code %26} would part
   * what was one.
   */
  String without(String name) {
    StringBuilder target = new StringBuilder(path);
    char before = '?';
    for (Map.Entry<String, List<String>> named : parameters.entrySet()) {
      if (named.getKey().equals(name)) {
        continue;
      }
      for (String parameter : named.getValue()) {
        target.append(before).append(parameter).append(parameter.indexOf('=') < 0 ? "=" : "");
        before = '&';
      }
    }
    return target.toString();
  }

  /** A {@code %} that two digits do not follow stands for itself, and so does a {@code +}. */
  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      int value = text.charAt(i) == '%' ? octet(text, i + 1) : -1;
      octets.write(value < 0 ? text.charAt(i) : value);
      i += value < 0 ? 0 : 2;
    }
    return octets.toString(ISO_8859_1);
  }

  private static int octet(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = digit(text.charAt(at));
    int low = digit(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int digit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
