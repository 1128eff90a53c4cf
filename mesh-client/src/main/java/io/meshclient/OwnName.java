package io.meshclient;

import io.meshclient.identity.BadTokenException;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.InvalidSpiffeIdException;
import io.meshclient.identity.JsonWebToken;
import io.meshclient.identity.ServiceAccount;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SPIFFE ID of this workload: its identity's; else that which Istio gives to its service
 * account, whose token Kubernetes mounts. Safe from any thread.
 */
final class OwnName {
  static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  /** Istio's, where its configuration names none. */
  private static final TrustDomain DEFAULT = TrustDomain.parse("cluster.local");

  private static final String ACCOUNT = "system:serviceaccount:";

  private final @Nullable IdentitySource identity;
  private final Path token;
  private volatile @Nullable String subject;

  /**
   * @param identity {@code null} for none
   * @param token the service account's; it need not be there
   */
  OwnName(@Nullable IdentitySource identity, Path token) {
    this.identity = identity;
    this.token = token;
  }

  /**
   * The ID; {@code null} while it is not known.
   *
   * @param trustDomains the mesh's, its own first; empty if it names none
   */
  @Nullable SpiffeId get(List<TrustDomain> trustDomains) {
    if (identity != null) {
      WorkloadIdentity now = identity.identity();
      return now == null ? null : now.svid().id();
    }
    String known = subject;
    if (known == null) {
      known = read();
      subject = known;
    }
    return id(known, trustDomains.isEmpty() ? DEFAULT : trustDomains.get(0));
  }

  /** The subject of a token that is our own, so that nothing has to be verified. */
  private String read() {
    try {
      String found = JsonWebToken.parse(Files.readString(token).strip()).subject();
      return found == null ? "" : found;
    } catch (IOException | BadTokenException e) {
      return ""; // not in Kubernetes, or without a token
    }
  }

  private static @Nullable SpiffeId id(String subject, TrustDomain domain) {
    int colon = subject.indexOf(':', ACCOUNT.length());
    if (!subject.startsWith(ACCOUNT) || colon < 0) {
      return null;
    }
    String namespace = subject.substring(ACCOUNT.length(), colon);
    try {
      return new ServiceAccount(domain, namespace, subject.substring(colon + 1)).id();
    } catch (InvalidSpiffeIdException e) {
      return null;
    }
  }
}
