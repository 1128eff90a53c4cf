/**
 * The Envoy-shaped form of the configuration (virtual hosts, routes, clusters, endpoints), its
 * compiler, and matching.
 *
 * <p>Everything that can be decided when a file is read is decided by {@link
 * io.meshclient.policy.PolicyCompiler}; what it makes is immutable, and matching a request against
 * it allocates next to nothing. Applications meet these types in explanations; they are not meant
 * to be built by them.
 */
@NullMarked
package io.meshclient.policy;

import org.jspecify.annotations.NullMarked;
