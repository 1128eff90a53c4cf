package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.Header;
import java.util.List;

/**
 * What came back on the wire.
 *
 * @param status the status code, 0 where the connection was closed before any answer
 * @param failure what was wrong with the connection, empty where there was an answer
 */
record Reply(int status, List<Header> headers, String body, String failure) {

  static Reply closed(Exception failure) {
    return new Reply(0, List.of(), "", failure.toString());
  }

  boolean isClosed() {
    return status == 0;
  }

  /** Whether the backend gave it, rather than what stands in front. */
  boolean ofBackend() {
    return Header.first(headers, "x-upstream").isPresent();
  }
}
