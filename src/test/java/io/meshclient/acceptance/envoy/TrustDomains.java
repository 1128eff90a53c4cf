package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mesh's trust domain and its aliases, and what they make of the principals of rules.
 *
 * @param own the mesh's
 */
record TrustDomains(String own, List<String> aliases) {

  private static final String STANDS_FOR_OWN = "cluster.local";

  List<String> all() {
    return Stream.concat(Stream.of(own), aliases.stream()).toList();
  }

  /** A principal of a rule, once for each trust domain that it stands for. */
  List<String> widened(List<String> principals) {
    List<String> widened = new ArrayList<>();
    for (String principal : principals) {
      widened.addAll(widened(principal));
    }
    return widened;
  }

  private Set<String> widened(String principal) {
    String[] parts = principal.split("/", -1);
    if (parts.length != 5 || parts[0].equals("*")) {
      return Set.of(principal);
    }
    String domain = parts[0];
    boolean known = all().stream().anyMatch(own -> matches(own, domain) || matches(domain, own));
    if (!known && !domain.equals(STANDS_FOR_OWN)) {
      return Set.of(principal);
    }
    Set<String> widened = new LinkedHashSet<>();
    for (String each : all()) {
      boolean asItIs = domain.startsWith("*") && each.endsWith(domain.substring(1));
      widened.add(asItIs ? principal : each + principal.substring(domain.length()));
    }
    return widened;
  }

  private static boolean matches(String value, String pattern) {
    if (value.equals(pattern) || pattern.equals("*")) {
      return true;
    }
    if (pattern.endsWith("*") && value.startsWith(pattern.substring(0, pattern.length() - 1))) {
      return true;
    }
    return pattern.startsWith("*") && value.endsWith(pattern.substring(1));
  }

  /** An alias in a rule stands for all of them; anything else for itself. */
  List<String> expanded(List<String> domains) {
    Set<String> expanded = new LinkedHashSet<>();
    for (String domain : domains) {
      expanded.addAll(all().contains(domain) ? all() : List.of(domain));
    }
    return List.copyOf(expanded);
  }
}
