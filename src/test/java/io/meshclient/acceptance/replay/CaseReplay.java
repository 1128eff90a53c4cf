package io.meshclient.acceptance.replay;

import java.util.List;

/** A replay of a case, which is run when its outcomes are asked for. */
public interface CaseReplay {

  /** The case's name. */
  String name();

  /** What the case pins down. */
  String description();

  /** The names of its requests, in order. */
  List<String> requests();

  /** The outcome of each request; runs the case, or waits for its run elsewhere. */
  List<RequestOutcome> outcomes();

  /** What was found wrong with the case's configuration, for reading only. */
  List<String> problems();

  default boolean passed() {
    return outcomes().stream().allMatch(RequestOutcome::passed);
  }
}
