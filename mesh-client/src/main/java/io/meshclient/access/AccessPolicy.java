package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.istio.AuthorizationPolicy;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import java.util.List;
import java.util.Map;

/**
 * Who may call a workload: all PeerAuthentications, RequestAuthentications and
 * AuthorizationPolicies that are for it, compiled. Immutable, and safe from any thread; a change of
 * the configuration makes a new one, requests in flight keep theirs.
 */
public final class AccessPolicy {
  private final PeerModes peerModes;
  private final TokenCheck tokens;
  private final boolean restricted;
  private final List<Problem> problems;

  private AccessPolicy(
      PeerModes peerModes, TokenCheck tokens, boolean restricted, List<Problem> problems) {
    this.peerModes = peerModes;
    this.tokens = tokens;
    this.restricted = restricted;
    this.problems = List.copyOf(problems);
  }

  /**
   * Compiles what a configuration says of a workload.
   *
   * @param namespace the workload's
   * @param labels the workload's, by which policies select it
   */
  public static AccessPolicy compile(
      Configuration configuration,
      String namespace,
      Map<String, String> labels,
      AccessSettings settings) {
    requireNonNull(settings, "settings");
    PeerModes peerModes = PeerModes.compile(configuration, namespace, labels);
    boolean restricted = !configuration.all(AuthorizationPolicy.class).isEmpty();
    RequestAuthentications.Compiled tokens =
        RequestAuthentications.compile(
            configuration, namespace, labels, settings.clock(), settings.tokenKeys());
    return new AccessPolicy(peerModes, tokens.check(), restricted, tokens.problems());
  }

  /**
   * What a port takes.
   *
   * @param port the workload's, which need not be the one that is listened on
   */
  public PeerMode peerMode(int port) {
    return peerModes.of(port);
  }

  /** Decides about a request. Never throws: what fails, refuses. */
  public AccessVerdict check(InboundRequest request) {
    requireNonNull(request, "request");
    TokenResult result = tokens.check(request);
    return result instanceof TokenResult.Passed passed
        ? decide(passed)
        : refused((TokenResult.Refused) result);
  }

  private AccessVerdict decide(TokenResult.Passed passed) {
    return new AccessVerdict(
        restricted ? AccessVerdict.Refusal.DENIED : null,
        passed.changes(),
        null,
        null,
        null,
        restricted ? "rbac_access_denied_matched_policy[none]" : null,
        false,
        DryRun.NONE,
        List.of());
  }

  private static AccessVerdict refused(TokenResult.Refused refused) {
    return new AccessVerdict(
        new AccessVerdict.Refusal(refused.status(), refused.body(), refused.headers()),
        RequestChanges.NONE,
        null,
        null,
        null,
        null,
        false,
        DryRun.NONE,
        List.of(refused.reason()));
  }

  /** What the policies say and cannot be carried out. */
  public List<Problem> problems() {
    return problems;
  }
}
