package io.meshclient.spring;

import io.meshclient.istio.Problem;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules have errors or name a subset that none defines, and the application asked not to start
 * with such.
 */
final class InvalidRulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidRulesException(List<Problem> errors) {
    super(
        errors.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
  }
}
