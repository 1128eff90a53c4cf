package io.meshclient;

import io.meshclient.access.AccessPolicy;
import io.meshclient.access.AccessSettings;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.MeshConfig;
import io.meshclient.istio.Problem;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.PolicyCompiler;
import io.meshclient.policy.StaticEndpoint;
import io.meshclient.policy.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Compiles configurations as they come. A resource that only the engine finds wrong stays as it
 * last was good, as documents do that the reader finds wrong; one that never was good is left out.
 * For one thread at a time.
 */
final class PolicyLoader {

  /**
   * A policy, and all that is wrong with the configuration it was made of.
   *
   * @param resources how many stand in it
   * @param access who may call the workload
   * @param trustDomains the mesh's and its aliases; empty if it names none
   */
  record Loaded(
      MeshPolicy policy,
      AccessPolicy access,
      List<Problem> problems,
      int resources,
      List<TrustDomain> trustDomains) {
    Loaded {
      trustDomains = List.copyOf(trustDomains);
      problems = List.copyOf(problems);
    }
  }

  private final Workload workload;
  private List<StaticEndpoint> endpoints;
  private final boolean hasIdentity;
  private final AccessSettings accessSettings;
  private Configuration lastGood = Configuration.EMPTY;

  /**
   * @param hasIdentity whether the client, or the mesh, carries out mutual TLS by identities
   */
  PolicyLoader(
      Workload workload,
      List<StaticEndpoint> endpoints,
      boolean hasIdentity,
      AccessSettings accessSettings) {
    this.workload = workload;
    this.endpoints = endpoints;
    this.hasIdentity = hasIdentity;
    this.accessSettings = accessSettings;
  }

  /** Takes these for those of before, from the next policy on. */
  void endpoints(List<StaticEndpoint> newer) {
    endpoints = List.copyOf(newer);
  }

  Loaded load(Configuration newer) {
    MeshPolicy asWritten = compile(newer);
    if (asWritten.refused().isEmpty()) {
      return loaded(newer, asWritten, List.of());
    }
    Configuration mended = newer.withLastGood(asWritten.refused(), lastGood);
    List<Problem> errors =
        asWritten.problems().stream()
            .filter(problem -> problem.severity() == Problem.Severity.ERROR)
            .toList();
    return loaded(mended, compile(mended), errors);
  }

  private Loaded loaded(Configuration good, MeshPolicy policy, List<Problem> errors) {
    AccessPolicy access =
        AccessPolicy.compile(good, workload.namespace(), workload.labels(), accessSettings);
    lastGood = good;
    List<Problem> problems = new ArrayList<>(good.problems());
    problems.addAll(errors);
    problems.addAll(policy.problems());
    problems.addAll(access.problems());
    return new Loaded(policy, access, problems, good.resources().size(), trustDomains(good.mesh()));
  }

  private MeshPolicy compile(Configuration configuration) {
    return PolicyCompiler.compile(configuration, workload, endpoints, hasIdentity);
  }

  /** What is no trust domain is nobody's: it is passed over. */
  private static List<TrustDomain> trustDomains(MeshConfig mesh) {
    List<String> names = new ArrayList<>();
    if (mesh.namesTrustDomain() || !mesh.trustDomainAliases().isEmpty()) {
      names.add(mesh.trustDomain());
    }
    names.addAll(mesh.trustDomainAliases());
    return names.stream().map(TrustDomain::tryParse).filter(Objects::nonNull).toList();
  }
}
