package io.meshclient.cli.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What the server refuses by itself is answered in a line of text. */
final class PlainErrors extends ErrorHandler {
  private static final String TEXT = "text/plain;charset=utf-8";

  PlainErrors() {
    setCacheControl(null);
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      @Nullable Throwable cause,
      Callback callback) {
    write(response, code, message, callback);
  }

  /** Answers with words. */
  static void write(Response response, int status, String words, Callback callback) {
    ByteBuffer content = bytes(words);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, TEXT);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.remaining());
    response.write(true, content, callback);
  }

  private static ByteBuffer bytes(String words) {
    return ByteBuffer.wrap((words + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
