package io.meshclient.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps labels few: the first names stand as they are, all that come later are one. Safe from any
 * thread; a few more may pass where several threads come at once.
 */
final class BoundedNames {
  static final String OTHER = "other";

  private final int most;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  BoundedNames(int most) {
    this.most = most;
  }

  String of(String name) {
    if (known.contains(name)) {
      return name;
    }
    if (known.size() >= most) {
      return OTHER;
    }
    known.add(name);
    return name;
  }
}
