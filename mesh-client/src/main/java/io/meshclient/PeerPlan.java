package io.meshclient;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.InvalidSpiffeIdException;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SpiffeIdPattern;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is expected at a cluster: whom the application says; else the DestinationRule's {@code
 * subjectAltNames}; else the service accounts of its endpoints, as Istio has it; else, where those
 * are not known, any workload of the service's own namespace, since its pods run nowhere else.
 */
final class PeerPlan {
  private final @Nullable ExpectedPeer told;

  /** Paths of IDs and patterns, without the trust domain. */
  private final List<String> paths;

  private final List<TrustDomain> trustDomains;

  private final ConcurrentHashMap<TrustDomain, ExpectedPeer> byOwn = new ConcurrentHashMap<>();

  private PeerPlan(
      @Nullable ExpectedPeer told, List<String> paths, List<TrustDomain> trustDomains) {
    this.told = told;
    this.paths = paths;
    this.trustDomains = trustDomains;
  }

  /**
   * The plan for a cluster.
   *
   * @param told by the application
   * @param domain the cluster's DNS domain
   * @param trustDomains those of the mesh; empty for the caller's own
   */
  static PeerPlan of(
      Cluster cluster, @Nullable ExpectedPeer told, String domain, List<TrustDomain> trustDomains) {
    if (told != null) {
      return new PeerPlan(told, List.of(), trustDomains);
    }
    Tls tls = cluster.settings().policy() == null ? null : cluster.settings().policy().tls();
    if (tls != null && !tls.subjectAltNames().isEmpty()) {
      return new PeerPlan(names(tls.subjectAltNames()), List.of(), trustDomains);
    }
    Set<String> accounts =
        cluster.endpoints().stream()
            .map(Endpoint::serviceAccount)
            .collect(Collectors.toUnmodifiableSet());
    if (!accounts.isEmpty() && !accounts.contains("")) {
      return new PeerPlan(null, accounts.stream().map(PeerPlan::path).toList(), trustDomains);
    }
    String suffix = ".svc." + domain;
    String service = cluster.service();
    if (!service.endsWith(suffix)) {
      return new PeerPlan(null, List.of(), trustDomains);
    }
    String named = service.substring(0, service.length() - suffix.length());
    String namespace = named.substring(named.lastIndexOf('.') + 1);
    return new PeerPlan(null, List.of("/ns/" + namespace + "/*"), trustDomains);
  }

  /** Names that are no SPIFFE IDs are nobody's: an SVID proves nothing else. */
  private static ExpectedPeer names(List<String> names) {
    return ExpectedPeer.of(
        names.stream()
            .map(SpiffeId::tryParse)
            .filter(Objects::nonNull)
            .map(SpiffeIdPattern::exact)
            .toList());
  }

  private static String path(String account) {
    int slash = account.indexOf('/');
    return "/ns/" + account.substring(0, slash) + "/sa/" + account.substring(slash + 1);
  }

  /** Who is expected by a caller of that trust domain; nobody, where nothing is known. */
  ExpectedPeer expected(TrustDomain own) {
    return told != null ? told : byOwn.computeIfAbsent(own, this::among);
  }

  private ExpectedPeer among(TrustDomain own) {
    List<TrustDomain> domains = trustDomains.isEmpty() ? List.of(own) : trustDomains;
    return ExpectedPeer.of(
        domains.stream().flatMap(domain -> paths.stream().flatMap(p -> of(domain, p))).toList());
  }

  private static Stream<SpiffeIdPattern> of(TrustDomain domain, String path) {
    try {
      return Stream.of(SpiffeIdPattern.parse(domain.id() + path));
    } catch (InvalidSpiffeIdException e) {
      // A name that cannot be in an ID is nobody's.
      return Stream.empty();
    }
  }
}
