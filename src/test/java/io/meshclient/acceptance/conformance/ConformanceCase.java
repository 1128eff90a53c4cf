package io.meshclient.acceptance.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A case of the corpus.
 *
 * @param cluster the cluster's resources, a YAML stream
 * @param config the case's own resources, a YAML stream
 * @param mesh lines of a meshConfig, empty for none
 * @param namespace of the calling pod
 * @param labels of the calling pod
 * @param settle from when the configuration is there to the first request: an ejected pod returns
 *     at a sweep, and sweeps are counted from then
 */
record ConformanceCase(
    String name,
    String description,
    String cluster,
    String config,
    String mesh,
    String namespace,
    Map<String, String> labels,
    Duration settle,
    List<CaseRequest> requests) {

  /** How long its requests wait of themselves. */
  Duration waits() {
    return requests.stream()
        .map(request -> request.delay().plus(request.linger()))
        .reduce(settle, Duration::plus);
  }
}
