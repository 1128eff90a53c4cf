package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.access.AccessPolicy;
import io.meshclient.access.AccessVerdict;
import io.meshclient.access.HeaderLine;
import io.meshclient.access.InboundConnection;
import io.meshclient.access.PeerMode;
import io.meshclient.mesh.Capability;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enforces the policy in force: which connections a port takes, then tokens and rules. Safe from
 * any thread.
 */
final class AccessCheck {
  private static final Logger log = LoggerFactory.getLogger(AccessCheck.class);

  private final Supplier<AccessPolicy> policy;
  private final MeshFront front;
  private final List<String> exempt;
  private final DenialLog denials;

  /**
   * @param policy the one in force
   * @param front what is let in by it is not decided about again
   * @param exempt paths that nobody has to be allowed to
   */
  AccessCheck(
      Supplier<AccessPolicy> policy, MeshFront front, List<String> exempt, LongSupplier clock) {
    this.policy = policy;
    this.front = front;
    this.exempt = List.copyOf(exempt);
    this.denials = new DenialLog(log, clock);
    // The keys of token issuers are fetched from here on, not from the first request on.
    requireNonNull(policy.get(), "policy");
  }

  /**
   * Looks at a request. Who is refused has had the answer, or no connection any more.
   *
   * @return the request with the verdict; {@code null} where there is no connection any more
   */
  @Nullable Inbound decide(Inbound request) throws IOException {
    if (isExempt(request.target()) || front.has(Capability.AUTHORIZATION, request.exchange())) {
      return request;
    }
    AccessPolicy now = policy.get();
    if (!takes(now.peerMode(request.connection().port()), request.connection())) {
      denials.add(request, "plain text, or no certificate, where mutual TLS is STRICT", null);
      request.exchange().cut();
      return null;
    }
    AccessVerdict verdict = now.check(request);
    AccessVerdict.Refusal refusal = verdict.refusal();
    if (refusal != null) {
      denials.add(request, String.valueOf(verdict.details()), verdict);
      refuse(request.exchange(), refusal);
    }
    return request.with(verdict);
  }

  /** A sidecar's word counts as its TLS does. */
  private static boolean takes(PeerMode mode, InboundConnection connection) {
    return mode != PeerMode.STRICT || connection.peer() != null;
  }

  private boolean isExempt(String target) {
    if (exempt.isEmpty() || !Paths.isPlain(target)) {
      return false;
    }
    String path = Paths.raw(target);
    for (String prefix : exempt) {
      if (Paths.isBelow(path, prefix)) {
        return true;
      }
    }
    return false;
  }

  private static void refuse(ServerExchange exchange, AccessVerdict.Refusal refusal)
      throws IOException {
    for (HeaderLine line : refusal.headers()) {
      exchange.addAnswerHeader(line.name(), line.value());
    }
    String contentType = refusal.contentType();
    if (contentType != null) {
      exchange.setAnswerHeader("content-type", contentType);
    }
    exchange.answer(refusal.status(), refusal.body());
  }
}
