package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.identity.SpiffeId;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.istio.Unread;
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

  private static final Set<String> KINDS =
      Set.of("AuthorizationPolicy", "RequestAuthentication", "PeerAuthentication");

  private final PeerModes peerModes;
  private final Set<String> trustDomains;
  private final PathForm paths;
  private final TokenCheck tokens;
  private final Authorization authorization;
  private final @Nullable Unread closedBy;
  private final List<Problem> problems;

  private AccessPolicy(
      Configuration configuration,
      PeerModes peerModes,
      TokenCheck tokens,
      Authorization authorization,
      @Nullable Unread closedBy,
      List<Problem> problems) {
    this.peerModes = peerModes;
    this.trustDomains = Set.copyOf(TrustNames.of(configuration.mesh()).names());
    this.paths = PathForm.of(configuration.mesh());
    this.tokens = tokens;
    this.authorization = authorization;
    this.closedBy = closedBy;
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
        configuration,
        peerModes,
        tokens.check(),
        authorization,
        closedBy(configuration, namespace),
        problems.all());
  }

  /** A document that might say no, and cannot be read; {@code null} if there is none. */
  private static @Nullable Unread closedBy(Configuration configuration, String namespace) {
    String root = configuration.mesh().rootNamespace();
    for (Unread unread : configuration.unread()) {
      String where = unread.namespace();
      boolean here = where == null || where.equals(namespace) || where.equals(root);
      if (here && (unread.kind() == null || KINDS.contains(unread.kind()))) {
        return unread;
      }
    }
    return null;
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
      AccessVerdict verdict = decide(request);
      AccessVerdict.Refusal refusal = verdict.refusal();
      return refusal != null && isGrpc(request) ? verdict.with(refusal.asGrpc()) : verdict;
    } catch (RuntimeException e) {
      log.error("A request was refused, for the check of it failed", e);
      return AccessVerdict.refused(
          AccessVerdict.Refusal.DENIED, "check_failed", "the check failed: " + e);
    }
  }

  private static boolean isGrpc(InboundRequest request) {
    return GrpcAnswer.isFor(String.join(",", request.headers("content-type")));
  }

  /** The same as {@link #check}, with what each rule makes of the request: for people. */
  public AccessExplanation explain(InboundRequest request) {
    requireNonNull(request, "request");
    AccessVerdict verdict = check(request);
    PeerMode mode = peerMode(request.connection().port());
    Prepared prepared = prepare(request);
    Facts facts = prepared.facts();
    return new AccessExplanation(
        verdict, mode, facts == null ? List.of() : authorization.steps(facts));
  }

  /** What the policies say and cannot be carried out. */
  public List<Problem> problems() {
    return problems;
  }

  private AccessVerdict decide(InboundRequest request) {
    Prepared prepared = prepare(request);
    Facts facts = prepared.facts();
    if (facts == null) {
      return requireNonNull(prepared.refused(), "refused");
    }
    Outcome outcome = new Outcome();
    authorization.decide(facts, outcome);
    return outcome.verdict(facts.changes(), facts.token());
  }

  /** Either a request that rules can be asked about, or a verdict without them. */
  private record Prepared(@Nullable Facts facts, @Nullable AccessVerdict refused) {}

  private Prepared prepare(InboundRequest request) {
    Unread closing = closedBy;
    if (closing != null) {
      String what = closing.kind() == null ? "a document" : closing.kind();
      String why = closing.location().fileAndLine() + ": " + what;
      return refused(
          AccessVerdict.Refusal.DENIED,
          "unread_document",
          why + " that cannot be read (expected: a good one; until then all is denied)");
    }
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
      String why =
          "the path cannot be normalised: " + Shown.plain(Facts.withoutQuery(request.target()));
      return refused(AccessVerdict.Refusal.BAD_REQUEST, "path_normalization_failed", why);
    }
    HiddenHeaders headers = HiddenHeaders.of(request);
    if (headers.hideOrigin()) {
      String why = "connection: names a header that tells the origin (expected: none of these)";
      return refused(AccessVerdict.Refusal.BAD_REQUEST, "connection_header_sanitization", why);
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
    return new Prepared(new Facts(request, headers, onward, passed.token(), changes), null);
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

  private static Prepared refused(AccessVerdict.Refusal refusal, String details, String reason) {
    return new Prepared(null, AccessVerdict.refused(refusal, details, reason));
  }

  /** Issuer and subject; {@code null} where one is missing. */
  static @Nullable String principal(@Nullable VerifiedToken token) {
    String issuer = Claims.string(token, "iss");
    String subject = Claims.string(token, "sub");
    return issuer == null || subject == null ? null : issuer + "/" + subject;
  }
}
