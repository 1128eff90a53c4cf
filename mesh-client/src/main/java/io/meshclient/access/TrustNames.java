package io.meshclient.access;

import io.meshclient.istio.MeshConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The mesh's trust domain and its aliases, which stand for each other. Follows Istio's
 * trustdomain.Bundle. Immutable.
 */
record TrustNames(List<String> names) {
  /** In a rule it means the mesh's own trust domain, whatever that is. */
  private static final String DEFAULT = "cluster.local";

  private static final int PARTS = 5;

  TrustNames {
    names = List.copyOf(names);
  }

  static TrustNames of(MeshConfig mesh) {
    List<String> names = new ArrayList<>();
    names.add(mesh.trustDomain());
    names.addAll(mesh.trustDomainAliases());
    return new TrustNames(names);
  }

  /** Principals of the form {@code TRUST-DOMAIN/ns/NAMESPACE/sa/NAME} hold for all the names. */
  List<String> principals(List<String> written) {
    List<String> all = new ArrayList<>();
    for (String principal : written) {
      String[] parts = principal.split("/", -1);
      boolean widened =
          parts.length == PARTS
              && !parts[0].equals("*")
              && (parts[0].equals(DEFAULT) || isKnown(parts[0]));
      if (widened) {
        all.addAll(replaced(principal, parts[0]));
      } else {
        all.add(principal);
      }
    }
    return all;
  }

  /** A trust domain among the names stands for all of them. */
  List<String> trustDomains(List<String> written) {
    Set<String> all = new LinkedHashSet<>();
    for (String name : written) {
      all.addAll(names.contains(name) ? names : List.of(name));
    }
    return List.copyOf(all);
  }

  private Set<String> replaced(String principal, String trustDomain) {
    Set<String> all = new LinkedHashSet<>();
    for (String name : names) {
      all.add(
          endMatches(name, trustDomain)
              ? principal
              : name + principal.substring(trustDomain.length()));
    }
    return all;
  }

  private boolean isKnown(String trustDomain) {
    for (String name : names) {
      if (name.equals(trustDomain)
          || name.equals("*")
          || beginMatches(trustDomain, name)
          || beginMatches(name, trustDomain)
          || endMatches(trustDomain, name)
          || endMatches(name, trustDomain)) {
        return true;
      }
    }
    return false;
  }

  private static boolean beginMatches(String text, String pattern) {
    return pattern.endsWith("*") && text.startsWith(pattern.substring(0, pattern.length() - 1));
  }

  private static boolean endMatches(String text, String pattern) {
    return pattern.startsWith("*") && text.endsWith(pattern.substring(1));
  }
}
