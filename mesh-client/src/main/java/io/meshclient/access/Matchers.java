package io.meshclient.access;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes matchers of the values of a field. Follows the generators of Istio's
 * pilot/pkg/security/authz/model; all values have been checked.
 */
final class Matchers {
  private static final String SCHEME = "spiffe://";

  private Matchers() {}

  static Matcher principals(List<String> values, TrustNames trust) {
    TextSet.Builder ids = new TextSet.Builder();
    for (String value : trust.principals(values)) {
      if (value.equals("*")) {
        ids.any();
      } else if (value.startsWith("*")) {
        suffix(ids, value.substring(1));
      } else if (value.endsWith("*")) {
        ids.prefix(SCHEME + value.substring(0, value.length() - 1));
      } else {
        ids.exact(SCHEME + value);
      }
    }
    return new Matcher.Peer(ids.build(false));
  }

  /** Istio does not quote what is behind the star. */
  private static void suffix(TextSet.Builder ids, String end) {
    if (isLiteral(end)) {
      ids.suffix(end);
    } else {
      ids.pattern(SCHEME + ".*" + end);
    }
  }

  static Matcher namespaces(List<String> values) {
    TextSet.Builder ids = new TextSet.Builder();
    for (String value : values) {
      if (isLiteral(value)) {
        ids.infix("/ns/" + value + "/");
      } else {
        ids.pattern(".*/ns/" + value.replace("*", ".*") + "/.*");
      }
    }
    return new Matcher.Peer(ids.build(false));
  }

  static Matcher serviceAccounts(List<String> values, String namespace) {
    TextSet.Builder ids = new TextSet.Builder();
    for (String value : values) {
      int slash = value.indexOf('/');
      String own = slash < 0 ? namespace : value.substring(0, slash);
      String name = value.substring(slash + 1);
      ids.pattern("spiffe://.+/ns/" + own + "/(.+/|)sa/" + name + "(/.+)?");
    }
    return new Matcher.Peer(ids.build(false));
  }

  static Matcher trustDomains(List<String> values, TrustNames trust) {
    TextSet.Builder ids = new TextSet.Builder();
    for (String value : trust.trustDomains(values)) {
      if (value.equals("*")) {
        ids.any();
      } else if (value.startsWith("*")) {
        ids.pattern(SCHEME + "[^/]*" + Pattern.quote(value.substring(1)) + "/.*");
      } else if (value.endsWith("*")) {
        ids.prefix(SCHEME + value.substring(0, value.length() - 1));
      } else {
        ids.prefix(SCHEME + value + "/");
      }
    }
    return new Matcher.Peer(ids.build(false));
  }

  static Matcher requestPrincipals(List<String> values) {
    return new Matcher.RequestPrincipal(values.stream().map(Matchers::pair).toList());
  }

  /** Issuer and subject are parted at the last slash, for an issuer may be a URL. */
  private static Matcher.RequestPrincipal.Pair pair(String value) {
    int slash = value.lastIndexOf('/');
    String issuer = slash < 0 ? value : value.substring(0, slash);
    String subject = slash < 0 ? "" : value.substring(slash + 1);
    if (value.equals("*")) {
      return pair(anyText(), anyText());
    }
    if (value.startsWith("*")) {
      return slash < 0
          ? pair(anyText(), TextSet.of(List.of(value)))
          : pair(TextSet.of(List.of(issuer)), exact(subject));
    }
    if (value.endsWith("*")) {
      return slash < 0
          ? pair(TextSet.of(List.of(value)), anyText())
          : pair(exact(issuer), TextSet.of(List.of(subject)));
    }
    return pair(exact(issuer), exact(subject));
  }

  private static Matcher.RequestPrincipal.Pair pair(TextSet issuer, TextSet subject) {
    return new Matcher.RequestPrincipal.Pair(issuer, subject);
  }

  private static TextSet anyText() {
    return TextSet.of(List.of("*"));
  }

  private static TextSet exact(String value) {
    TextSet.Builder one = new TextSet.Builder();
    one.exact(value);
    return one.build(false);
  }

  static Matcher addresses(Matcher.Which which, List<String> values) {
    List<AddressBlock> blocks = new ArrayList<>();
    for (String value : values) {
      @Nullable AddressBlock block = AddressBlock.parse(value);
      if (block != null) {
        blocks.add(block);
      }
    }
    return new Matcher.Address(which, List.copyOf(blocks));
  }

  static Matcher header(String name, List<String> values) {
    return new Matcher.Header(
        name.toLowerCase(Locale.ROOT), TextSet.of(values), values.contains("*"));
  }

  static Matcher hosts(List<String> values) {
    return new Matcher.Host(TextSet.folded(values), values.contains("*"));
  }

  static Matcher methods(List<String> values) {
    return new Matcher.Method(TextSet.of(values), values.contains("*"));
  }

  static Matcher paths(List<String> values) {
    List<Pattern> templates = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String value : values) {
      if (PathTemplate.isTemplate(value)) {
        templates.add(PathTemplate.compile(value));
      } else {
        others.add(value);
      }
    }
    return new Matcher.Path(TextSet.of(others), List.copyOf(templates));
  }

  static Matcher ports(List<String> values) {
    Set<Integer> ports = new HashSet<>();
    values.forEach(value -> ports.add(Integer.valueOf(value)));
    return new Matcher.Port(Set.copyOf(ports));
  }

  static Matcher sni(List<String> values) {
    return new Matcher.Sni(TextSet.of(values));
  }

  static Matcher claim(List<String> path, List<String> values) {
    return new Matcher.Claim(List.copyOf(path), TextSet.of(values));
  }

  /** Whether a regular expression of that text would match just the text. */
  private static boolean isLiteral(String text) {
    return text.chars()
        .allMatch(
            c ->
                c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '/'
                    || c == '-'
                    || c == '_');
  }
}
