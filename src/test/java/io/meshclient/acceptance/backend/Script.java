package io.meshclient.acceptance.backend;

import java.util.List;
import java.util.stream.Stream;

/** How a pod acts on the tries of one client request: a step each, the last one for all others. */
record Script(List<Step> steps) {

  static final Script ALWAYS_OK = new Script(List.of(Step.OK));

  /** Reads steps that are separated by commas. */
  static Script parse(String text) {
    return new Script(Stream.of(text.split(",", -1)).map(Step::parse).toList());
  }

  /** The step for a try, which is counted from 0. */
  Step step(int attempt) {
    return steps.get(Math.min(attempt, steps.size() - 1));
  }
}
