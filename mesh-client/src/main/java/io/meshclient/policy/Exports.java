package io.meshclient.policy;

import java.util.List;

/** Who may see a resource: its {@code exportTo}. */
final class Exports {

  private Exports() {}

  /** Whether what {@code owner} exports to {@code exportTo} can be seen from {@code viewer}. */
  static boolean visible(
      List<String> exportTo, List<String> byDefault, String owner, String viewer) {
    List<String> effective = exportTo.isEmpty() ? byDefault : exportTo;
    if (effective.isEmpty()) {
      return true;
    }
    for (String to : effective) {
      if (to.equals("*") || to.equals(viewer) || to.equals(".") && owner.equals(viewer)) {
        return true;
      }
    }
    return false;
  }
}
