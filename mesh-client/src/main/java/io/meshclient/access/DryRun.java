package io.meshclient.access;

import org.jspecify.annotations.Nullable;

/**
 * What policies that are only tried out ({@code istio.io/dry-run: "true"}) would have said.
 * Immutable; each is {@code null} where no such policy is there, or no rule of them matched.
 *
 * @param allowed what the ALLOW policies say
 * @param allowRule the rule by which they allow, as in {@link AccessVerdict#rule}
 * @param denied what the DENY policies say
 * @param denyRule the rule by which they deny
 */
public record DryRun(
    @Nullable Boolean allowed,
    @Nullable String allowRule,
    @Nullable Boolean denied,
    @Nullable String denyRule) {
  /** Nothing is tried out. */
  public static final DryRun NONE = new DryRun(null, null, null, null);
}
