package io.meshclient.upstream;

import java.util.Arrays;

/**
 * How much of the load each priority takes, in percent, and which of them use endpoints that are
 * not healthy as well: computed as Envoy computes it. A priority stands in for itself while 1.4
 * times its healthy part is at least the whole; what it lacks goes to the next.
 *
 * <p>See Envoy's documentation, "Priority levels" and "Panic threshold".
 */
final class PriorityLoad {
  private static final int OVERPROVISIONING = 140;
  private static final int ALL = 100;

  private final int[] health;
  private final int[] load;
  private final boolean[] panic;

  private PriorityLoad(int priorities) {
    health = new int[priorities];
    load = new int[priorities];
    panic = new boolean[priorities];
  }

  /**
   * Computes the load.
   *
   * @param endpoints how many each priority has; at least one priority
   * @param healthy how many of them are healthy
   * @param panicPercent 0 for no panic at all
   */
  static PriorityLoad of(int[] endpoints, int[] healthy, int panicPercent) {
    PriorityLoad result = new PriorityLoad(endpoints.length);
    for (int i = 0; i < endpoints.length; i++) {
      result.health[i] =
          endpoints[i] == 0 ? 0 : Math.min(ALL, OVERPROVISIONING * healthy[i] / endpoints[i]);
    }
    int total = Math.min(ALL, Arrays.stream(result.health).sum());
    if (total > 0) {
      share(result.health, result.load, total);
    }
    if (total == 0 && panicPercent == 0) {
      result.load[0] = ALL;
    } else if (total < ALL) {
      result.panic(endpoints, healthy, panicPercent);
    }
    return result;
  }

  /** As much as possible to the first; what rounding leaves over to the first that has any. */
  private static void share(int[] health, int[] load, int total) {
    int left = ALL;
    int first = -1;
    for (int i = 0; i < health.length; i++) {
      first = first < 0 && health[i] > 0 ? i : first;
      load[i] = Math.min(left, health[i] * ALL / total);
      left -= load[i];
    }
    load[first] += left;
  }

  private void panic(int[] endpoints, int[] healthy, int panicPercent) {
    boolean everywhere = true;
    for (int i = 0; i < endpoints.length; i++) {
      double part = endpoints[i] == 0 ? 0 : 100.0 * healthy[i] / endpoints[i];
      panic[i] = part < panicPercent;
      everywhere &= panic[i];
    }
    int all = Arrays.stream(endpoints).sum();
    if (!everywhere) {
      return;
    }
    if (all == 0) {
      load[0] = ALL;
      return;
    }
    int left = ALL;
    int first = -1;
    for (int i = 0; i < endpoints.length; i++) {
      first = first < 0 && endpoints[i] > 0 ? i : first;
      load[i] = ALL * endpoints[i] / all;
      left -= load[i];
    }
    load[first] += left;
  }

  int priorities() {
    return load.length;
  }

  int percent(int priority) {
    return load[priority];
  }

  boolean isPanic(int priority) {
    return panic[priority];
  }

  /** The priority for a draw. */
  int pick(long draw) {
    int point = (int) Long.remainderUnsigned(draw, ALL);
    for (int i = 0; i < load.length; i++) {
      point -= load[i];
      if (point < 0) {
        return i;
      }
    }
    return 0;
  }

  /**
   * The load without some priorities, for retries that are to leave them.
   *
   * @param left a bit for each priority; those above 63 stay
   * @return {@code this} if no other has a healthy endpoint
   */
  PriorityLoad without(long left) {
    PriorityLoad rest = new PriorityLoad(load.length);
    int total = 0;
    for (int i = 0; i < load.length; i++) {
      rest.health[i] = i < Long.SIZE && (left >>> i & 1) != 0 ? 0 : health[i];
      rest.panic[i] = panic[i];
      total += rest.health[i];
    }
    if (total == 0) {
      return this;
    }
    share(rest.health, rest.load, Math.min(ALL, total));
    return rest;
  }
}
