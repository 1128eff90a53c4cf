package io.meshclient.policy;

import io.meshclient.istio.StringMatch;
import io.meshclient.istio.VirtualService;
import io.meshclient.istio.VirtualService.HttpRule;
import io.meshclient.istio.VirtualService.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rules of a delegate where a root's rule names it: the matches of both are ANDed, those
 * that contradict each other drop out, and what the delegate leaves open comes from the root.
 */
final class Delegates {

  private Delegates() {}

  static List<HttpRule> merge(HttpRule root, VirtualService delegate) {
    List<HttpRule> merged = new ArrayList<>();
    for (HttpRule rule : delegate.spec().http()) {
      List<Match> matches = matches(root.match(), rule.match());
      if (matches != null) {
        merged.add(merge(root, rule, matches));
      }
    }
    return merged;
  }

  /**
   * The matches of both, in the order of the delegate's; {@code null} if one of the delegate's fits
   * none of the root's, which drops the whole rule.
   */
  private static @Nullable List<Match> matches(List<Match> roots, List<Match> leaves) {
    if (roots.isEmpty() || leaves.isEmpty()) {
      return roots.isEmpty() ? leaves : roots;
    }
    List<Match> merged = new ArrayList<>();
    for (Match leaf : leaves) {
      List<Match> fitting = roots.stream().filter(root -> !conflict(root, leaf)).toList();
      if (fitting.isEmpty()) {
        return null;
      }
      fitting.forEach(root -> merged.add(and(root, leaf)));
    }
    return merged;
  }

  private static HttpRule merge(HttpRule root, HttpRule leaf, List<Match> matches) {
    return new HttpRule(
        joined(root.name(), leaf.name()),
        matches,
        leaf.route(),
        leaf.redirect(),
        or(leaf.directResponse(), root.directResponse()),
        null,
        or(leaf.rewrite(), root.rewrite()),
        or(leaf.timeout(), root.timeout()),
        or(leaf.retries(), root.retries()),
        or(leaf.fault(), root.fault()),
        or(leaf.mirror(), root.mirror()),
        leaf.mirrors().isEmpty() ? root.mirrors() : leaf.mirrors(),
        or(leaf.mirrorPercentage(), root.mirrorPercentage()),
        or(leaf.mirrorPercent(), root.mirrorPercent()),
        or(leaf.corsPolicy(), root.corsPolicy()),
        or(leaf.headers(), root.headers()),
        leaf.location());
  }

  private static Match and(Match root, Match leaf) {
    return new Match(
        joined(root.name(), leaf.name()),
        or(leaf.uri(), root.uri()),
        or(leaf.scheme(), root.scheme()),
        or(leaf.method(), root.method()),
        or(leaf.authority(), root.authority()),
        union(root.headers(), leaf.headers()),
        or(leaf.port(), root.port()),
        union(root.sourceLabels(), leaf.sourceLabels()),
        leaf.gateways().isEmpty() ? root.gateways() : leaf.gateways(),
        union(root.queryParams(), leaf.queryParams()),
        leaf.ignoreUriCase(),
        union(root.withoutHeaders(), leaf.withoutHeaders()),
        or(leaf.sourceNamespace(), root.sourceNamespace()),
        or(leaf.statPrefix(), root.statPrefix()),
        leaf.location());
  }

  private static boolean conflict(Match root, Match leaf) {
    return root.ignoreUriCase() != leaf.ignoreUriCase()
        || conflict(root.uri(), leaf.uri())
        || conflict(root.scheme(), leaf.scheme())
        || conflict(root.method(), leaf.method())
        || conflict(root.authority(), leaf.authority())
        || anyConflict(root.headers(), leaf.headers())
        || anyConflict(root.withoutHeaders(), leaf.withoutHeaders())
        || anyConflict(root.queryParams(), leaf.queryParams())
        || differ(root.port(), leaf.port())
        || !text(root.sourceNamespace()).isEmpty()
            && !text(root.sourceNamespace()).equals(text(leaf.sourceNamespace()))
        || root.sourceLabels().entrySet().stream()
            .anyMatch(e -> differ(e.getValue(), leaf.sourceLabels().get(e.getKey())))
        || !root.gateways().isEmpty()
            && !new HashSet<>(root.gateways()).containsAll(leaf.gateways());
  }

  private static boolean anyConflict(
      Map<String, StringMatch> roots, Map<String, StringMatch> leaves) {
    return roots.entrySet().stream().anyMatch(e -> conflict(e.getValue(), leaves.get(e.getKey())));
  }

  /** A leaf may only narrow an exact text or a prefix that its root asks for. */
  private static boolean conflict(@Nullable StringMatch root, @Nullable StringMatch leaf) {
    if (root == null || leaf == null) {
      return false;
    }
    String exact = text(root.exact());
    if (!exact.isEmpty()) {
      return !exact.equals(leaf.exact());
    }
    String prefix = text(root.prefix());
    String narrower = text(leaf.prefix()) + text(leaf.exact());
    return prefix.isEmpty() || !narrower.startsWith(prefix);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static boolean differ(@Nullable Object root, @Nullable Object leaf) {
    return root != null && leaf != null && !root.equals(leaf);
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }

  private static <T> Map<String, T> union(Map<String, T> root, Map<String, T> leaf) {
    Map<String, T> all = new HashMap<>(root);
    all.putAll(leaf);
    return all;
  }

  private static @Nullable String joined(@Nullable String root, @Nullable String leaf) {
    return root != null && leaf != null ? root + "-" + leaf : or(leaf, root);
  }
}
