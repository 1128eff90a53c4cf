package io.meshclient.cli.proxy;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What the server refuses by itself is answered by its status alone, and in Envoy's form. */
final class ServerErrors extends ErrorHandler {

  ServerErrors() {
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
    String words = HttpStatus.getMessage(code);
    response.setStatus(code);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, words.length());
    if (!InboundExchange.isNewest(request)) {
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE); // what follows may be no request
    }
    response.write(true, StandardCharsets.US_ASCII.encode(words), callback);
  }
}
