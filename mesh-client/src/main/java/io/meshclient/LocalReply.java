package io.meshclient;

import io.meshclient.access.GrpcAnswer;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Answers that no endpoint gave, as Envoy words them. */
final class LocalReply {
  static final String NO_HEALTHY_UPSTREAM = "no healthy upstream";
  static final String TIMEOUT = "upstream request timeout";

  static final String FAULT = "fault filter abort";

  private static final MediaType TEXT = MediaType.get("text/plain");

  private LocalReply() {}

  static Response of(Request request, int status, String body) {
    if (isGrpc(request)) {
      return grpc(request, GrpcAnswer.status(status), body);
    }
    boolean silent = request.method().equals("HEAD") || status == 204 || status == 304;
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(status)
            .message(reason(status))
            .body(ResponseBody.create(silent ? "" : body, body.isEmpty() ? null : TEXT));
    if (!body.isEmpty()) {
      response.header("content-type", TEXT.toString());
    }
    return response.build();
  }

  /** An answer to a gRPC request: HTTP's status is 200, gRPC's tells. */
  static Response grpc(Request request, int grpcStatus, String message) {
    if (!isGrpc(request)) {
      return of(request, 200, message);
    }
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(200)
            .message(reason(200))
            .header("content-type", GrpcAnswer.CONTENT_TYPE)
            .header("grpc-status", Integer.toString(grpcStatus))
            .body(ResponseBody.create("", MediaType.get(GrpcAnswer.CONTENT_TYPE)));
    if (!message.isEmpty()) {
      response.header("grpc-message", message);
    }
    return response.build();
  }

  /** Whether a request is gRPC's by its content type: its body's, else its header's. */
  static boolean isGrpc(Request request) {
    MediaType ofBody = request.body() == null ? null : request.body().contentType();
    String type = ofBody == null ? request.header("content-type") : ofBody.toString();
    return GrpcAnswer.isFor(type);
  }

  /** The reset reason within Envoy's words for a try that got no answer. */
  static String connectError(String reason, boolean retried) {
    return "upstream connect error or disconnect/reset before headers. "
        + (retried ? "retried and the latest reset reason: " : "reset reason: ")
        + reason;
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 404 -> "Not Found";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "";
    };
  }
}
