package io.meshclient.access;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a field, or the key of a condition, is about: which values it takes, and what they match.
 */
interface Field {
  Matcher matcher(List<String> values);

  /** Why a value cannot be carried out; {@code null} if it can. */
  default @Nullable String problem(String value) {
    return null;
  }

  /** Whether it belongs to what Envoy calls a permission, rather than to a principal. */
  boolean isPermission();

  /** What the key of a condition names; {@code null} for what Istio does not know. */
  static @Nullable Field of(String key, String namespace, TrustNames trust) {
    return switch (key) {
      case "source.ip" -> address(Matcher.Which.SOURCE, false);
      case "remote.ip" -> address(Matcher.Which.REMOTE, false);
      case "destination.ip" -> address(Matcher.Which.DESTINATION, true);
      case "source.namespace" -> principal(Matchers::namespaces);
      case "source.principal" -> principal(values -> Matchers.principals(values, trust));
      case "source.serviceAccount" ->
          principal(values -> Matchers.serviceAccounts(values, namespace));
      case "source.trustDomain" -> principal(values -> Matchers.trustDomains(values, trust));
      case "request.auth.principal" -> principal(Matchers::requestPrincipals);
      case "request.auth.audiences" -> principal(values -> Matchers.claim(List.of("aud"), values));
      case "request.auth.presenter" -> principal(values -> Matchers.claim(List.of("azp"), values));
      case "destination.port" -> port();
      case "connection.sni" -> permission(Matchers::sni);
      default -> bracketed(key);
    };
  }

  private static @Nullable Field bracketed(String key) {
    if (key.startsWith("request.headers")) {
      String name = inBrackets(key.substring("request.headers".length()));
      return name == null ? null : principal(values -> Matchers.header(name, values));
    }
    if (key.startsWith("request.auth.claims")) {
      List<String> path = nested(key.substring("request.auth.claims".length()));
      return path.isEmpty() ? null : principal(values -> Matchers.claim(path, values));
    }
    return key.startsWith("experimental.envoy.filters.") && key.endsWith("]") && key.contains("[")
        ? permission(values -> new Matcher.Never())
        : null;
  }

  private static @Nullable String inBrackets(String text) {
    return text.length() > 2 && text.startsWith("[") && text.endsWith("]")
        ? text.substring(1, text.length() - 1)
        : null;
  }

  /** {@code [a][b]} as {@code a}, {@code b}; empty for anything else. */
  private static List<String> nested(String text) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf(']', at);
      if (text.charAt(at) != '[' || end < at + 2) {
        return List.of();
      }
      names.add(text.substring(at + 1, end));
      at = end + 1;
    }
    return names;
  }

  static Field address(Matcher.Which which, boolean permission) {
    return new Field() {
      @Override
      public Matcher matcher(List<String> values) {
        return Matchers.addresses(which, values);
      }

      @Override
      public @Nullable String problem(String value) {
        return AddressBlock.parse(value) == null
            ? "(expected: an IP address or a block such as 10.0.0.0/8)"
            : null;
      }

      @Override
      public boolean isPermission() {
        return permission;
      }
    };
  }

  static Field port() {
    return new Field() {
      @Override
      public Matcher matcher(List<String> values) {
        return Matchers.ports(values);
      }

      @Override
      public @Nullable String problem(String value) {
        boolean digits =
            !value.isEmpty()
                && value.length() <= 5
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && Integer.parseInt(value) <= 65535 ? null : "(expected: a port, 0..65535)";
      }

      @Override
      public boolean isPermission() {
        return true;
      }
    };
  }

  static Field paths() {
    return new Field() {
      @Override
      public Matcher matcher(List<String> values) {
        return Matchers.paths(values);
      }

      @Override
      public @Nullable String problem(String value) {
        String wrong = PathTemplate.problem(value);
        return wrong == null ? null : "has " + wrong + " (expected: whole segments {*} and {**})";
      }

      @Override
      public boolean isPermission() {
        return true;
      }
    };
  }

  /** Of a peer's identity or a request's headers and tokens. */
  static Field principal(Compiler compiler) {
    return new OfTexts(compiler, false);
  }

  /** Of what is asked for. */
  static Field permission(Compiler compiler) {
    return new OfTexts(compiler, true);
  }

  /** Makes a matcher of values. */
  interface Compiler {
    Matcher of(List<String> values);
  }

  /** Values that are texts; some turn into regular expressions, which may be broken. */
  record OfTexts(Compiler compiler, boolean isPermission) implements Field {
    @Override
    public Matcher matcher(List<String> values) {
      return compiler.of(values);
    }

    @Override
    public @Nullable String problem(String value) {
      if (value.isEmpty()) {
        return "(expected: a value)";
      }
      try {
        compiler.of(List.of(value));
        return null;
      } catch (PatternSyntaxException e) {
        return "(expected: letters, digits, - and *): " + e.getDescription();
      }
    }
  }
}
