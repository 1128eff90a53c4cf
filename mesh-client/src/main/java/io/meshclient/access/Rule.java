package io.meshclient.access;

import io.meshclient.istio.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as Envoy has it: it matches where one of the principals and one of the permissions does,
 * each of them a list of conditions that all have to hold. Immutable.
 *
 * @param name {@code ns[NAMESPACE]-policy[NAME]-rule[INDEX]}
 */
record Rule(
    String name,
    Location location,
    List<List<Condition>> principals,
    List<List<Condition>> permissions) {

  boolean matches(Facts facts) {
    return any(permissions, facts) && any(principals, facts);
  }

  /** Why it does not match; {@code null} if it does. */
  @Nullable String failure(Facts facts) {
    if (!any(principals, facts)) {
      return failure(principals, facts);
    }
    return any(permissions, facts) ? null : failure(permissions, facts);
  }

  private static boolean any(List<List<Condition>> alternatives, Facts facts) {
    for (int i = 0; i < alternatives.size(); i++) {
      if (failing(alternatives.get(i), facts) == null) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Condition failing(List<Condition> conditions, Facts facts) {
    for (int i = 0; i < conditions.size(); i++) {
      if (!conditions.get(i).holds(facts)) {
        return conditions.get(i);
      }
    }
    return null;
  }

  private static String failure(List<List<Condition>> alternatives, Facts facts) {
    if (alternatives.isEmpty()) {
      return "it matches nothing";
    }
    StringBuilder text = new StringBuilder();
    for (List<Condition> conditions : alternatives) {
      Condition failing = failing(conditions, facts);
      if (failing != null) {
        text.append(text.length() == 0 ? "" : "; or ").append(failing.failure(facts));
      }
    }
    return text.toString();
  }
}
