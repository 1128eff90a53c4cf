package io.meshclient.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a request a consistent hash goes by. */
public sealed interface HashPolicy {

  /**
   * The texts to be hashed.
   *
   * @return {@code null} where the request has no such thing
   */
  @Nullable List<String> values(RequestView request);

  /** What is hashed, such as {@code header x-user}. */
  String describe();

  /**
   * A header, or a pseudo-header: all its lines, whatever their order.
   *
   * @param name in lower case
   */
  record Header(String name) implements HashPolicy {
    @Override
    public @Nullable List<String> values(RequestView request) {
      List<String> lines = RequestHeaders.lines(request, name);
      return lines.isEmpty() ? null : lines.stream().sorted().toList();
    }

    @Override
    public String describe() {
      return "header " + name;
    }
  }

  /**
   * A cookie; one that is missing is made up where it has a lifetime.
   *
   * @param maxAge in seconds, 0 for one that ends with the session; {@code null} to make up none
   * @param path empty for none
   * @param attributes in order, an empty value for an attribute without one
   */
  record Cookie(String name, @Nullable Long maxAge, String path, List<Attribute> attributes)
      implements HashPolicy {

    /** A further attribute, such as {@code SameSite=Strict} or {@code Secure}. */
    public record Attribute(String name, String value) {}

    public Cookie {
      attributes = List.copyOf(attributes);
    }

    @Override
    public @Nullable List<String> values(RequestView request) {
      for (String line : RequestHeaders.lines(request, "cookie")) {
        String value = find(line);
        if (value != null) {
          return value.isEmpty() ? null : List.of(value);
        }
      }
      return null;
    }

    private @Nullable String find(String line) {
      for (String part : Lists.split(line, ';')) {
        int equals = part.indexOf('=');
        if (equals == name.length() && part.startsWith(name)) {
          String value = part.substring(equals + 1);
          boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
          return quoted ? value.substring(1, value.length() - 1) : value;
        }
      }
      return null;
    }

    /** The Set-Cookie line that hands a value out. */
    public String setCookie(String value) {
      StringBuilder line = new StringBuilder(name).append("=\"").append(value).append('"');
      if (maxAge != null && maxAge != 0) {
        line.append("; Max-Age=").append(maxAge);
      }
      if (!path.isEmpty()) {
        line.append("; Path=").append(path);
      }
      for (Attribute attribute : attributes) {
        line.append("; ").append(attribute.name());
        if (!attribute.value().isEmpty()) {
          line.append('=').append(attribute.value());
        }
      }
      return line.append("; HttpOnly").toString();
    }

    @Override
    public String describe() {
      return "cookie " + name + (maxAge == null ? "" : ", made up where there is none");
    }
  }

  /** A query parameter: its first value counts, nothing is decoded. */
  record Query(String name) implements HashPolicy {
    @Override
    public @Nullable List<String> values(RequestView request) {
      String value = Condition.Query.first(request, name);
      return value == null ? null : List.of(value);
    }

    @Override
    public String describe() {
      return "query parameter " + name;
    }
  }

  /** The caller's own address, which is no part of a request. */
  record SourceAddress() implements HashPolicy {
    @Override
    public @Nullable List<String> values(RequestView request) {
      return null;
    }

    @Override
    public String describe() {
      return "source address";
    }
  }
}
