package io.meshclient.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules of one action, found by what they ask for exactly: those that ask for principals, paths or
 * hosts that a request does not have cost nothing. Immutable.
 */
final class RuleTable {
  /** Nothing is found by it. */
  private static final int[] NONE = {};

  private final List<Rule> rules;
  private final Map<String, int[]> byPeer = new HashMap<>();
  private final Map<String, int[]> byPath = new HashMap<>();
  private final Map<String, int[]> bySegment = new HashMap<>();
  private final Map<String, int[]> byHost = new HashMap<>();
  private final int[] others;

  RuleTable(List<Rule> rules) {
    this.rules = rules.stream().sorted(Comparator.comparing(Rule::name)).toList();
    int[] rest = NONE;
    for (int i = 0; i < this.rules.size(); i++) {
      if (!index(this.rules.get(i), i)) {
        rest = with(rest, i);
      }
    }
    this.others = rest;
  }

  /** All, by name, which is the order that Envoy asks them in. */
  List<Rule> rules() {
    return rules;
  }

  /** The first that matches, by name; {@code null} if none does. */
  @Nullable Rule match(Facts facts) {
    int found = first(others, facts, rules.size());
    String peer = facts.peer();
    if (peer != null && !byPeer.isEmpty()) {
      found = first(byPeer.getOrDefault(peer, NONE), facts, found);
    }
    if (!byPath.isEmpty()) {
      found = first(byPath.getOrDefault(facts.path(), NONE), facts, found);
    }
    if (!bySegment.isEmpty()) {
      found = first(bySegment.getOrDefault(segment(facts.path()), NONE), facts, found);
    }
    if (!byHost.isEmpty()) {
      String host = facts.authority().toLowerCase(Locale.ROOT);
      found = first(byHost.getOrDefault(host, NONE), facts, found);
    }
    return found == rules.size() ? null : rules.get(found);
  }

  private int first(int[] candidates, Facts facts, int before) {
    for (int candidate : candidates) {
      if (candidate >= before) {
        return before;
      }
      if (rules.get(candidate).matches(facts)) {
        return candidate;
      }
    }
    return before;
  }

  private boolean index(Rule rule, int at) {
    List<String> peers = keys(rule.principals(), RuleTable::peers);
    if (peers != null) {
      put(byPeer, peers, at);
      return true;
    }
    List<String> paths = keys(rule.permissions(), RuleTable::paths);
    if (paths != null) {
      put(byPath, paths, at);
      return true;
    }
    List<String> segments = keys(rule.permissions(), RuleTable::segments);
    if (segments != null) {
      put(bySegment, segments, at);
      return true;
    }
    List<String> hosts = keys(rule.permissions(), RuleTable::hosts);
    if (hosts != null) {
      put(byHost, hosts, at);
    }
    return hosts != null;
  }

  /** One of these values a request needs for the rule; {@code null} if it can do without. */
  private static @Nullable List<String> keys(
      List<List<Condition>> alternatives, Keys keysOfCondition) {
    List<String> all = new ArrayList<>();
    for (List<Condition> conditions : alternatives) {
      List<String> keys = null;
      for (Condition condition : conditions) {
        keys = keys == null && !condition.negated() ? keysOfCondition.of(condition) : keys;
      }
      if (keys == null) {
        return null;
      }
      all.addAll(keys);
    }
    return all;
  }

  /** The values that a condition asks for exactly; {@code null} if it asks for others too. */
  private interface Keys {
    @Nullable List<String> of(Condition condition);
  }

  private static @Nullable List<String> peers(Condition condition) {
    return condition.matcher() instanceof Matcher.Peer peer && peer.ids().isExact()
        ? List.copyOf(peer.ids().exact())
        : null;
  }

  private static @Nullable List<String> paths(Condition condition) {
    return condition.matcher() instanceof Matcher.Path path
            && path.values().isExact()
            && path.templates().isEmpty()
        ? List.copyOf(path.values().exact())
        : null;
  }

  private static @Nullable List<String> hosts(Condition condition) {
    return condition.matcher() instanceof Matcher.Host host && host.values().isExact()
        ? List.copyOf(host.values().exact())
        : null;
  }

  private static @Nullable List<String> segments(Condition condition) {
    if (!(condition.matcher() instanceof Matcher.Path)) {
      return null;
    }
    List<String> segments = new ArrayList<>();
    for (String value : condition.values()) {
      boolean open = value.endsWith("*") || PathTemplate.isTemplate(value);
      int end = value.indexOf('/', 1);
      String segment = end < 0 ? value : value.substring(0, end);
      if (!value.startsWith("/") || open && (end < 0 || segment.indexOf('{') >= 0)) {
        return null;
      }
      segments.add(segment);
    }
    return segments;
  }

  /** The first segment of a path, with the slash before it. */
  private static String segment(String path) {
    int end = path.indexOf('/', 1);
    return end < 0 ? path : path.substring(0, end);
  }

  private static void put(Map<String, int[]> index, List<String> keys, int at) {
    for (String key : keys) {
      index.merge(key, new int[] {at}, (have, more) -> contains(have, at) ? have : with(have, at));
    }
  }

  private static boolean contains(int[] ordinals, int at) {
    return ordinals[ordinals.length - 1] == at;
  }

  private static int[] with(int[] ordinals, int at) {
    int[] longer = Arrays.copyOf(ordinals, ordinals.length + 1);
    longer[ordinals.length] = at;
    return longer;
  }
}
