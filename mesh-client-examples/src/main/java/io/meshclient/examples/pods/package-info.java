/**
 * Pods without Kubernetes: a Linux network namespace for each, with its own addresses, names and
 * processes, and an Envoy as its sidecar that really gets its traffic. What a run makes is gone
 * with the run, however that ends.
 */
@NullMarked
package io.meshclient.examples.pods;

import org.jspecify.annotations.NullMarked;
