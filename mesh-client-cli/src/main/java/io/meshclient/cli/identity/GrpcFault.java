package io.meshclient.cli.identity;

/** A gRPC call is answered with a status other than OK. */
final class GrpcFault extends Exception {
  private static final long serialVersionUID = 1L;

  static final int INVALID_ARGUMENT = 3;
  static final int PERMISSION_DENIED = 7;
  static final int UNIMPLEMENTED = 12;

  final int code;

  /**
   * @param message visible ASCII without percent signs
   */
  GrpcFault(int code, String message) {
    super(message);
    this.code = code;
  }
}
