package io.meshclient.access;

import org.jspecify.annotations.Nullable;

/**
 * How gRPC clients are answered where a proxy answers: its status is in a header, HTTP's is 200.
 */
public final class GrpcAnswer {
  public static final String CONTENT_TYPE = "application/grpc";

  private GrpcAnswer() {}

  /**
   * Whether a request is gRPC, as Envoy sees it.
   *
   * @param contentType what its header says; {@code null} for nothing
   */
  public static boolean isFor(@Nullable String contentType) {
    return contentType != null
        && (contentType.equals(CONTENT_TYPE) || contentType.startsWith(CONTENT_TYPE + "+"));
  }

  /** The {@code grpc-status} that Envoy makes of a status of HTTP. */
  public static int status(int ofHttp) {
    return switch (ofHttp) {
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }
}
