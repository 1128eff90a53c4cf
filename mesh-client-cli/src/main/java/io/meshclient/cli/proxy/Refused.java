package io.meshclient.cli.proxy;

/** A request that cannot be sent on, with the status and the words that it is answered with. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refused(int status, String words) {
    super(words);
    this.status = status;
  }

  int status() {
    return status;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
