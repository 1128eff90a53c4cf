package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import java.util.List;

/**
 * What a call came to.
 *
 * @param status the status code; {@code IncompleteRead} where the answer broke off within its body;
 *     {@code error: CLASS} where there was none
 * @param failure what the failed call said, empty where it did not fail
 */
record Answer(String status, List<Header> headers, String body, String failure) {

  static Answer of(int status, List<Header> headers, String body) {
    return new Answer(Integer.toString(status), List.copyOf(headers), body, "");
  }

  static Answer brokenOff(Exception failure) {
    return new Answer("IncompleteRead", List.of(), "", failure.toString());
  }

  static Answer failed(Exception failure) {
    String status = "error: " + failure.getClass().getSimpleName();
    return new Answer(status, List.of(), "", failure.toString());
  }
}
