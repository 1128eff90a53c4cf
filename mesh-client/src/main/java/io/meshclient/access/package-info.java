/**
 * Who may call a workload: Istio's PeerAuthentication, RequestAuthentication and
 * AuthorizationPolicy, compiled once for the workload and asked for each request.
 */
@NullMarked
package io.meshclient.access;

import org.jspecify.annotations.NullMarked;
