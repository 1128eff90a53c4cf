package io.meshclient.identity;

import static java.util.Objects.requireNonNull;

/**
 * A token that cannot be read. It has no stack trace: whoever sends requests can have as many of
 * these as they like.
 */
public final class BadTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TokenFault fault;

  BadTokenException(TokenFault fault) {
    super(requireNonNull(fault, "fault").words(), null, false, false);
    this.fault = fault;
  }

  /** What is wrong with it. */
  public TokenFault fault() {
    return fault;
  }
}
