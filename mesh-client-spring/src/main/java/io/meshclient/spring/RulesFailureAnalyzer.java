package io.meshclient.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the rules, with file and line. */
final class RulesFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRulesException> {

  RulesFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable root, InvalidRulesException cause) {
    return new FailureAnalysis(
        "The mesh's rules have errors:"
            + System.lineSeparator()
            + System.lineSeparator()
            + cause.getMessage(),
        "Mend them, or start all the same (mesh.client.config.fail-on-error=false): what is in"
            + " error is left out then, and requests to a subset that no rule defines get 503.",
        cause);
  }
}
