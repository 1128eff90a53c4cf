package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.backend.Received;
import java.time.Duration;
import java.util.List;

/**
 * One repetition of a case's request and what came of it.
 *
 * @param key the repetition's index modulo the request's keys
 * @param tries the requests that pods got for it, without mirrored copies
 * @param mirrored the mirrored copies
 */
record Exchange(
    int key, Answer answer, Duration took, List<Received> tries, List<Received> mirrored) {

  /** The pod whose answer came back, "-" for none. */
  String answeredBy() {
    return Header.first(answer.headers(), "x-pod").orElse("-");
  }
}
