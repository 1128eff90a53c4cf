/**
 * Replays the conformance corpus in {@code src/test/resources/conformance}: each case's requests
 * are sent through a {@link io.meshclient.acceptance.conformance.Driver}, and what came of them is
 * compared with what Istio and Envoy did.
 */
package io.meshclient.acceptance.conformance;
