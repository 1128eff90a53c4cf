package io.meshclient.mesh;

import java.util.Locale;

/** What is done for a request, by the library or by the mesh: each by one of them. */
public enum Capability {
  /** The headers and the trace context that travel. Always the library's. */
  PROPAGATION,
  /** The application's circuit breaker: how a call ends counts once. Always the library's. */
  BREAKER,
  /** The time that the caller has left. Always the library's. */
  DEADLINE,
  /** The span of the call as the application made it. Always the library's. */
  CLIENT_SPAN,
  /** A request id where there is none. Always the library's: a mesh keeps what it finds. */
  REQUEST_ID,
  /** Virtual host, route, draw among weighted destinations, redirects, direct responses. */
  ROUTING,
  /** The rules' operations on headers, path and Host. */
  HEADERS,
  /** Which endpoint a request goes to. */
  ENDPOINTS,
  /** {@code outlierDetection}. */
  EJECTION,
  /** The rules' retries. */
  RETRIES,
  /** The rules' times, for the route and for a try. */
  TIMEOUTS,
  /** {@code connectionPool}. */
  POOLS,
  /** Injected delays and aborts. */
  FAULTS,
  /** Copies to mirrors. */
  MIRRORS,
  /** Mutual TLS by the workload's identity. */
  MTLS,
  /** Whether the server is who it should be. */
  PEERS,
  /** AuthorizationPolicy and its kin, for requests that come in. */
  AUTHORIZATION,
  /** Local rate limits of the configuration, for requests that come in. */
  RATE_LIMITS;

  /** Such as {@code client span}. */
  public String word() {
    return this == MTLS ? "mTLS" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
