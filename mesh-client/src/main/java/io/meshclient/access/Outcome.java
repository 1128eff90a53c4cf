package io.meshclient.access;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A verdict in the making. For one thread. */
final class Outcome {
  private AccessVerdict.@Nullable Refusal refusal;
  private @Nullable Rule rule;
  private @Nullable String details;
  private boolean audited;
  private DryRun dryRun = DryRun.NONE;
  private List<String> reasons = List.of();

  void rule(@Nullable Rule decisive) {
    rule = decisive;
  }

  void audited(boolean marked) {
    audited = marked;
  }

  /**
   * @param policy as Envoy's details name it
   */
  void deny(String policy, List<String> why) {
    refusal = AccessVerdict.Refusal.DENIED;
    details = "rbac_access_denied_matched_policy[" + policy + "]";
    reasons = why;
  }

  void denyByAuthorizer(String why) {
    refusal = new AccessVerdict.Refusal(403, "", List.of());
    details = "ext_authz_denied";
    reasons = List.of(why);
  }

  void triedDeny(@Nullable Rule matching) {
    String name = matching == null ? dryRun.denyRule() : matching.name();
    dryRun = new DryRun(dryRun.allowed(), dryRun.allowRule(), matching != null, name);
  }

  void triedAllow(@Nullable Rule matching) {
    String name = matching == null ? null : matching.name();
    dryRun = new DryRun(matching != null, name, dryRun.denied(), dryRun.denyRule());
  }

  AccessVerdict verdict(RequestChanges changes, @Nullable VerifiedToken token) {
    return new AccessVerdict(
        refusal,
        refusal == null ? changes : RequestChanges.NONE,
        AccessPolicy.principal(token),
        token == null ? Map.of() : token.claims(),
        rule == null ? null : rule.name(),
        rule == null ? null : rule.location(),
        details,
        audited,
        dryRun,
        reasons);
  }
}
