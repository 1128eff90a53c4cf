package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.identity.SpiffeId;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may call a workload: all PeerAuthentications, RequestAuthentications and
 * AuthorizationPolicies that are for it, compiled. Immutable, and safe from any thread; a change of
 * the configuration makes a new one, requests in flight keep theirs.
 */
public final class AccessPolicy {
  private static final Logger log = LoggerFactory.getLogger(AccessPolicy.class);

  private final PeerModes peerModes;
  private final Set<String> trustDomains;
  private final PathForm paths;
  private final TokenCheck tokens;
  private final Authorization authorization;
  private final List<Problem> problems;

  private AccessPolicy(
      Configuration configuration,
      PeerModes peerModes,
      TokenCheck tokens,
      Authorization authorization,
      List<Problem> problems) {
    this.peerModes = peerModes;
    this.trustDomains = Set.copyOf(TrustNames.of(configuration.mesh()).names());
    this.paths = PathForm.of(configuration.mesh());
    this.tokens = tokens;
    this.authorization = authorization;
    this.problems = problems;
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
    requireNonNull(configuration, "configuration");
    requireNonNull(namespace, "namespace");
    requireNonNull(labels, "labels");
    AccessProblems problems = new AccessProblems();
    Authorization authorization =
        new AuthzCompiler(configuration, namespace, labels, problems)
            .compile(requireNonNull(settings, "settings").authorizers());
    PeerModes peerModes = PeerModes.compile(configuration, namespace, labels);
    RequestAuthentications.Compiled tokens =
        RequestAuthentications.compile(
            configuration, namespace, labels, settings.clock(), settings.tokenKeys());
    problems.addAll(tokens.problems());
    return new AccessPolicy(
        configuration, peerModes, tokens.check(), authorization, problems.all());
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
    try {
      return decide(request);
    } catch (RuntimeException e) {
      log.error("A request was refused, for the check of it failed", e);
      return refused(AccessVerdict.Refusal.DENIED, "check_failed", "the check failed: " + e);
    }
  }

  /** What the policies say and cannot be carried out. */
  public List<Problem> problems() {
    return problems;
  }

  private AccessVerdict decide(InboundRequest request) {
    String peerProblem = peerProblem(request.connection());
    if (peerProblem != null) {
      return refused(AccessVerdict.Refusal.DENIED, AccessVerdict.PEER_REFUSED, peerProblem);
    }
    if (!request.target().startsWith("/")) {
      String why = "the target is no path: " + Shown.plain(request.target());
      return refused(AccessVerdict.Refusal.NOT_FOUND, "absolute_path_rejected", why);
    }
    String target = paths.of(request.target());
    if (target == null) {
      String why = "the path cannot be normalised: " + Shown.plain(request.target());
      return refused(AccessVerdict.Refusal.BAD_REQUEST, "path_normalization_failed", why);
    }
    TokenResult result = tokens.check(new NormalizedRequest(request, target));
    if (result instanceof TokenResult.Refused bad) {
      return refused(
          new AccessVerdict.Refusal(bad.status(), bad.body(), bad.headers()),
          "jwt_authn_access_denied{" + bad.body().replace(' ', '_') + "}",
          bad.reason());
    }
    TokenResult.Passed passed = (TokenResult.Passed) result;
    RequestChanges changes = changes(request, target, passed.changes());
    String onward = changes.target() == null ? target : changes.target();
    Outcome outcome = new Outcome();
    authorization.decide(new Facts(request, onward, passed.token(), changes), outcome);
    return outcome.verdict(changes, principal(passed.token()));
  }

  /** Why Envoy would not take the connection; {@code null} if it would. */
  private @Nullable String peerProblem(InboundConnection connection) {
    PeerMode mode = peerMode(connection.port());
    SpiffeId peer = connection.peer();
    if (peer == null) {
      boolean refused = mode == PeerMode.STRICT || connection.secured();
      return refused ? "peer: none proven (expected: mutual TLS, port mode " + mode + ")" : null;
    }
    if (mode == PeerMode.DISABLE && connection.secured()) {
      return "TLS (expected: plaintext, port mode DISABLE)";
    }
    return trustDomains.contains(peer.trustDomain().toString())
        ? null
        : "peer: " + peer + " (expected: trust domain " + String.join(" or ", trustDomains) + ")";
  }

  private static RequestChanges changes(
      InboundRequest request, String target, RequestChanges ofTokens) {
    if (ofTokens.target() != null || target.equals(request.target())) {
      return ofTokens;
    }
    return new RequestChanges(target, ofTokens.removed(), ofTokens.added());
  }

  private static AccessVerdict refused(
      AccessVerdict.Refusal refusal, String details, String reason) {
    return new AccessVerdict(
        refusal,
        RequestChanges.NONE,
        null,
        null,
        null,
        details,
        false,
        DryRun.NONE,
        List.of(reason));
  }

  /** Issuer and subject; {@code null} where one is missing. */
  static @Nullable String principal(@Nullable VerifiedToken token) {
    String issuer = Claims.string(token, "iss");
    String subject = Claims.string(token, "sub");
    return issuer == null || subject == null ? null : issuer + "/" + subject;
  }
}
