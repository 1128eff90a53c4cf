package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.istio.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may come in, and why. Immutable.
 *
 * @param refusal what the caller gets; {@code null} where the request is let in
 * @param changes how the request goes on
 * @param requestPrincipal issuer and subject of the request's token, {@code issuer/subject}; {@code
 *     null} without one
 * @param claims all that the request's token says, as in its payload: strings, numbers, booleans,
 *     lists and maps of these, not to be changed; empty without a token, and for a request that is
 *     refused before rules are asked
 * @param rule that decided, as Envoy names it: {@code ns[NAMESPACE]-policy[NAME]-rule[INDEX]};
 *     {@code null} where none did
 * @param location where that rule is written
 * @param details Envoy's words for a refusal; {@code null} where the request is let in
 * @param audited whether an AUDIT policy asks for this request to be noted
 * @param reasons for a refusal: what spoke against the request, for the log and never for the
 *     caller; no tokens, cookies or credentials are in it. Empty where it is let in
 */
public record AccessVerdict(
    @Nullable Refusal refusal,
    RequestChanges changes,
    @Nullable String requestPrincipal,
    Map<String, Object> claims,
    @Nullable String rule,
    @Nullable Location location,
    @Nullable String details,
    boolean audited,
    DryRun dryRun,
    List<String> reasons) {

  /**
   * An answer in the place of the workload's own.
   *
   * @param body plain text
   */
  public record Refusal(int status, String body, List<HeaderLine> headers) {
    private static final String GRPC_STATUS = "grpc-status";

    static final Refusal DENIED = new Refusal(403, "RBAC: access denied", List.of());
    static final Refusal BAD_REQUEST = new Refusal(400, "", List.of());
    static final Refusal NOT_FOUND = new Refusal(404, "", List.of());

    public Refusal {
      requireNonNull(body, "body");
      headers = List.copyOf(headers);
    }

    /** The same to a gRPC client, in Envoy's way: status 200, and what happened in headers. */
    Refusal asGrpc() {
      List<HeaderLine> all = new ArrayList<>();
      if (!body.isEmpty()) {
        all.add(new HeaderLine("grpc-message", body));
      }
      all.add(new HeaderLine(GRPC_STATUS, Integer.toString(GrpcAnswer.status(status))));
      all.addAll(headers);
      return new Refusal(200, "", all);
    }

    /** Of the answer; {@code null} where it has no body and is not gRPC. */
    public @Nullable String contentType() {
      if (headers.stream().anyMatch(line -> line.name().equals(GRPC_STATUS))) {
        return GrpcAnswer.CONTENT_TYPE;
      }
      return body.isEmpty() ? null : "text/plain";
    }
  }

  /** The {@link #details} where a mesh's proxy would not have taken the connection at all. */
  public static final String PEER_REFUSED = "peer_refused";

  public AccessVerdict {
    requireNonNull(changes, "changes");
    claims = Map.copyOf(claims);
    requireNonNull(dryRun, "dryRun");
    reasons = List.copyOf(reasons);
  }

  /** A refusal before any rule is asked. */
  static AccessVerdict refused(Refusal refusal, String details, String reason) {
    return new AccessVerdict(
        refusal,
        RequestChanges.NONE,
        null,
        Map.of(),
        null,
        null,
        details,
        false,
        DryRun.NONE,
        List.of(reason));
  }

  /** The same with another answer. */
  AccessVerdict with(Refusal other) {
    return new AccessVerdict(
        other,
        changes,
        requestPrincipal,
        claims,
        rule,
        location,
        details,
        audited,
        dryRun,
        reasons);
  }

  /** Without the claims, which tell of people. */
  @Override
  public String toString() {
    return (allowed() ? "allowed" : "denied")
        + (rule == null ? "" : " by " + rule)
        + (details == null ? "" : ", " + details)
        + (requestPrincipal == null ? "" : ", principal " + requestPrincipal)
        + (claims.isEmpty() ? "" : ", " + claims.size() + " claims")
        + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons));
  }

  /** Whether the request may go on. */
  public boolean allowed() {
    return refusal == null;
  }

  /** Whether a mesh's proxy would have cut the connection instead of answering. */
  public boolean peerRefused() {
    return PEER_REFUSED.equals(details);
  }
}
