package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.istio.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verdict with all that was looked at. Immutable.
 *
 * @param peerMode of the port that the request came in by
 * @param steps all rules for the workload, in the order in which they are asked; those behind the
 *     one that decided too. Empty where the request was refused before any rule was asked
 */
public record AccessExplanation(AccessVerdict verdict, PeerMode peerMode, List<Step> steps) {

  /**
   * One rule.
   *
   * @param action {@code CUSTOM}, {@code AUDIT}, {@code DENY} or {@code ALLOW}
   * @param rule as in {@link AccessVerdict#rule}
   * @param failure what the request lacks for the rule to match, and what was expected; {@code
   *     null} where it matches
   */
  public record Step(String action, String rule, Location location, @Nullable String failure) {

    static Step of(String action, Rule rule, Facts facts) {
      return new Step(action, rule.name(), rule.location(), rule.failure(facts));
    }
  }

  public AccessExplanation {
    requireNonNull(verdict, "verdict");
    requireNonNull(peerMode, "peerMode");
    steps = List.copyOf(steps);
  }
}
