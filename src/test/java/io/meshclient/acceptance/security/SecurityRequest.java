package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.Header;
import java.util.List;

/**
 * A request of a case. What the case leaves out has the README's default.
 *
 * @param caller who connects, and from where
 * @param target the path as it is sent
 * @param headers one entry a line, without Host and without what brings tokens
 * @param tokens where the recorded tokens go, in their order
 * @param compare the keys compared
 */
record SecurityRequest(
    String name,
    Caller caller,
    String method,
    String target,
    String host,
    List<Header> headers,
    List<TokenPlace> tokens,
    List<String> compare) {

  /**
   * Where a token is put.
   *
   * @param header the header's name, not looked at where there is a parameter
   * @param prefix in front of the token in the header
   * @param parameter the query parameter, null for a header
   */
  record TokenPlace(String header, String prefix, String parameter) {}
}
