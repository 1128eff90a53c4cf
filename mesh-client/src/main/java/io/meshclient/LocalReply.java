package io.meshclient;

import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Answers that no endpoint gave, as Envoy words them. */
final class LocalReply {
  static final String NO_HEALTHY_UPSTREAM = "no healthy upstream";
  static final String TIMEOUT = "upstream request timeout";

  private static final MediaType TEXT = MediaType.get("text/plain");

  private LocalReply() {}

  static Response of(Request request, int status, String body) {
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
