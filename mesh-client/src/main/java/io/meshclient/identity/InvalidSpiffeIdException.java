package io.meshclient.identity;

/** A text is not what the SPIFFE-ID standard allows. */
public final class InvalidSpiffeIdException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  InvalidSpiffeIdException(String what, String text, String reason) {
    super(what + ": " + Quoted.of(text) + ": " + reason);
    this.reason = reason;
  }

  /** What is wrong and where, in one line of ASCII that does not repeat the text. */
  public String reason() {
    return reason;
  }
}
