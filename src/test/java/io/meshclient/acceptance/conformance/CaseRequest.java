package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A request of a case, as the corpus' README describes it. What the case leaves out has the
 * README's default.
 *
 * @param body null for none
 * @param keys 0 where the case has no keys
 * @param parallel 0 for one after the other
 * @param compare the keys compared
 * @param delay {@code wait} in the case: before the first repetition
 * @param exact whether the case itself says so; see {@link Comparison} for the default
 */
record CaseRequest(
    String name,
    String url,
    String method,
    List<Header> headers,
    String body,
    Duration timeout,
    int times,
    int parallel,
    int keys,
    Duration delay,
    Duration pause,
    Duration linger,
    boolean jar,
    List<String> mirrorTo,
    String script,
    Map<String, String> pods,
    boolean byApp,
    List<String> compare,
    boolean exact,
    OptionalDouble tolerance,
    boolean sequence) {

  /** The key of a repetition: {@code {k}}. */
  int key(int index) {
    return keys == 0 ? 0 : index % keys;
  }
}
