/**
 * Replays the security corpus: through the library's own policies, through {@code mesh proxy
 * inbound} by mutual TLS, and through a real Envoy, which it was recorded from.
 */
package io.meshclient.acceptance.security;
