package io.meshclient;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.PolicyCompiler;
import io.meshclient.policy.StaticEndpoint;
import io.meshclient.policy.Workload;
import java.util.ArrayList;
import java.util.List;

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
   */
  record Loaded(MeshPolicy policy, List<Problem> problems, int resources) {
    Loaded {
      problems = List.copyOf(problems);
    }
  }

  private final Workload workload;
  private final List<StaticEndpoint> endpoints;
  private Configuration lastGood = Configuration.EMPTY;

  PolicyLoader(Workload workload, List<StaticEndpoint> endpoints) {
    this.workload = workload;
    this.endpoints = endpoints;
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
    lastGood = good;
    List<Problem> problems = new ArrayList<>(good.problems());
    problems.addAll(errors);
    problems.addAll(policy.problems());
    return new Loaded(policy, problems, good.resources().size());
  }

  private MeshPolicy compile(Configuration configuration) {
    return PolicyCompiler.compile(configuration, workload, endpoints);
  }
}
