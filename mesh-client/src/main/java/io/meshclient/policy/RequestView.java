package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/** What matching may ask of a request. Implementations need not be safe for several threads. */
public interface RequestView {

  String method();

  /**
   * {@code http} or {@code https}: of a plain request that says {@code x-forwarded-proto: https}
   * the latter, as Envoy has it.
   */
  String scheme();

  /** The port that the request is sent to. */
  int port();

  /** The host of {@link #authority()}: lower case, without port. */
  String host();

  /** The Host header as the destination would see it: host, and port unless it is the default. */
  String authority();

  /** The path, encoded, normalized, without query; at least {@code /}. */
  String path();

  /** What follows the question mark, encoded; {@code null} where there is no question mark. */
  @Nullable String query();

  int headerCount();

  String headerName(int index);

  String headerValue(int index);

  /** {@code path?query}. */
  default String pathAndQuery() {
    String query = query();
    return query == null ? path() : path() + "?" + query;
  }
}
