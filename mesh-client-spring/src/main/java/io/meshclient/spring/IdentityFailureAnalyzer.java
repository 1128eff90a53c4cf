package io.meshclient.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says where an identity was looked for in vain. */
final class IdentityFailureAnalyzer extends AbstractFailureAnalyzer<MissingIdentityException> {

  IdentityFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable root, MissingIdentityException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Provide the identity there, wait longer ("
            + IdentitySources.PREFIX
            + ".await), or do not wait for it ("
            + IdentitySources.PREFIX
            + ".await=0s).",
        cause);
  }
}
