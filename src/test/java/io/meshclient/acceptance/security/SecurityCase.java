package io.meshclient.acceptance.security;

import java.util.List;
import java.util.Map;

/**
 * A case of the security corpus, as its README describes it.
 *
 * @param config Istio resources, a YAML stream
 * @param mesh lines of a meshConfig, empty for none
 * @param namespace of the workload that is called
 * @param labels of the workload that is called
 */
record SecurityCase(
    String name,
    String description,
    String config,
    String mesh,
    String namespace,
    Map<String, String> labels,
    List<SecurityRequest> requests) {}
