package io.meshclient.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rules of one action. Immutable.
 *
 * @param enforced {@code null} where no policy is in earnest
 * @param tried of the policies that are only tried out; {@code null} where there are none
 */
record ActionRules(@Nullable RuleTable enforced, @Nullable RuleTable tried) {
  static final ActionRules NONE = new ActionRules(null, null);

  /** The rule in earnest that matches. */
  @Nullable Rule match(Facts facts) {
    return enforced == null ? null : enforced.match(facts);
  }

  List<Rule> rules() {
    return enforced == null ? List.of() : enforced.rules();
  }
}
