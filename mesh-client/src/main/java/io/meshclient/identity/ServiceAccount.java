package io.meshclient.identity;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID as Istio spells that of a Kubernetes service account: {@code
 * spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT}.
 *
 * @param namespace a path segment of the ID; whether Kubernetes would allow it is not checked
 * @param name of the service account, a path segment too
 */
public record ServiceAccount(TrustDomain trustDomain, String namespace, String name) {
  private static final String NAMESPACE = "/ns/";
  private static final String NAME = "/sa/";

  public ServiceAccount {
    Objects.requireNonNull(trustDomain, "trustDomain");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
  }

  static @Nullable ServiceAccount of(SpiffeId id) {
    String path = id.path();
    int end = path.indexOf('/', NAMESPACE.length());
    if (!path.startsWith(NAMESPACE) || end < 0 || !path.startsWith(NAME, end)) {
      return null;
    }
    String name = path.substring(end + NAME.length());
    return name.indexOf('/') >= 0
        ? null
        : new ServiceAccount(id.trustDomain(), path.substring(NAMESPACE.length(), end), name);
  }

  /**
   * The SPIFFE ID of it.
   *
   * @throws InvalidSpiffeIdException if the names cannot be in one
   */
  public SpiffeId id() {
    return SpiffeId.of(trustDomain, "ns", namespace, "sa", name);
  }
}
