package io.meshclient.access;

import java.util.List;

/**
 * One list of values of a rule. Immutable.
 *
 * @param field as it is written in a policy, such as {@code notPrincipals} or {@code
 *     request.headers[x-role]}
 * @param negated whether none of the values may match, rather than one has to
 * @param values as they were written
 */
record Condition(String field, boolean negated, List<String> values, Matcher matcher) {

  boolean holds(Facts facts) {
    return matcher.matches(facts) != negated;
  }

  /** Why it does not hold: {@code paths: /x (expected: /a, /b)}. */
  String failure(Facts facts) {
    String expected = String.join(", ", values);
    return field
        + ": "
        + matcher.actual(facts)
        + " (expected: "
        + (negated ? "not " : "")
        + Shown.plain(expected)
        + ")";
  }
}
