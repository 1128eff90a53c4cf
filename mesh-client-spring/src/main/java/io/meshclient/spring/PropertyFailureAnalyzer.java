package io.meshclient.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property to change. */
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPropertyException> {

  PropertyFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable root, InvalidPropertyException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()), "Change the property " + cause.property() + ".", cause);
  }
}
