/**
 * A real Envoy with the inbound configuration that Istio's control plane makes of security
 * resources: written anew here, from what it is recorded to do, so that the library's own reading
 * of them can be held against it.
 */
package io.meshclient.acceptance.envoy;
