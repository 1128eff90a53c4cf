package io.meshclient.access;

/** The RequestAuthentications of a workload. Safe from any thread. */
interface TokenCheck {
  /** No token is looked at. */
  TokenCheck NONE = request -> TokenResult.Passed.WITHOUT_TOKEN;

  /**
   * Looks for tokens and verifies them.
   *
   * @param request with its path normalised
   */
  TokenResult check(InboundRequest request);
}
