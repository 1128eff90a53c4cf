package io.meshclient.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first route, in order, that takes a request. With many routes the exact paths are found
 * by hash and the prefixes by a trie, so that the cost is that of the routes whose path fits.
 */
final class RouteIndex {

  /** Up to here a walk through the list is faster than the index. */
  private static final int SCAN_LIMIT = 8;

  private static final int[] NONE = {};

  private final Route[] routes;
  private final boolean indexed;
  private final Map<String, int[]> exact;
  private final Node prefixes;
  private final int[] others;

  RouteIndex(List<Route> list) {
    routes = list.toArray(new Route[0]);
    indexed = routes.length > SCAN_LIMIT;
    Map<String, List<Integer>> exactLists = new HashMap<>();
    Node root = new Node();
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < routes.length; i++) {
      PathMatch path = routes[i].path();
      if (path instanceof PathMatch.Exact e && !e.ignoreCase()) {
        exactLists.computeIfAbsent(e.text(), key -> new ArrayList<>()).add(i);
      } else if (path instanceof PathMatch.Prefix p && !p.ignoreCase()) {
        root.add(p.text(), i);
      } else {
        rest.add(i);
      }
    }
    exact = new HashMap<>();
    exactLists.forEach((path, indexes) -> exact.put(path, toArray(indexes)));
    prefixes = root;
    root.freeze();
    others = toArray(rest);
  }

  List<Route> routes() {
    return List.of(routes);
  }

  @Nullable Route find(RequestView request) {
    if (!indexed) {
      for (Route route : routes) {
        if (route.matches(request)) {
          return route;
        }
      }
      return null;
    }
    String path = request.path();
    int best = firstOf(exact.getOrDefault(path, NONE), routes.length, request, false);
    for (Node node = prefixes; node != null; ) {
      best = firstOf(node.indexes, best, request, false);
      node = node.depth < path.length() ? node.next(path) : null;
    }
    best = firstOf(others, best, request, true);
    return best == routes.length ? null : routes[best];
  }

  /** The lowest index below {@code best} whose route takes the request, else {@code best}. */
  private int firstOf(int[] candidates, int best, RequestView request, boolean testPath) {
    for (int i : candidates) {
      if (i >= best) {
        return best;
      }
      if (testPath ? routes[i].matches(request) : routes[i].conditionsHold(request)) {
        return i;
      }
    }
    return best;
  }

  private static int[] toArray(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A node of the trie of prefixes; edges hold a single character. */
  private static final class Node {
    final int depth;
    int[] indexes = NONE;
    private final Map<Character, Node> children = new HashMap<>();
    private final List<Integer> building = new ArrayList<>();
    private char[] chars = {};
    private Node[] nodes = {};

    Node() {
      this(0);
    }

    private Node(int depth) {
      this.depth = depth;
    }

    void add(String prefix, int index) {
      Node node = this;
      for (int i = 0; i < prefix.length(); i++) {
        int depth = i + 1;
        node = node.children.computeIfAbsent(prefix.charAt(i), c -> new Node(depth));
      }
      node.building.add(index);
    }

    void freeze() {
      indexes = toArray(building);
      chars = new char[children.size()];
      nodes = new Node[children.size()];
      int i = 0;
      for (Map.Entry<Character, Node> child : children.entrySet()) {
        chars[i] = child.getKey();
        nodes[i++] = child.getValue();
        child.getValue().freeze();
      }
    }

    @Nullable Node next(String path) {
      char c = path.charAt(depth);
      for (int i = 0; i < chars.length; i++) {
        if (chars[i] == c) {
          return nodes[i];
        }
      }
      return null;
    }
  }
}
