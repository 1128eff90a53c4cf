package io.meshclient.spring.server;

import io.meshclient.access.RequestChanges;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/** A request with the headers that it goes on with. */
final class DecidedHttpRequest extends ServerHttpRequestDecorator {
  private final HttpHeaders headers;

  DecidedHttpRequest(ServerHttpRequest sent, RequestChanges changes) {
    super(sent);
    HttpHeaders goOn = new HttpHeaders();
    sent.getHeaders()
        .forEach(
            (name, values) -> {
              if (!changes.removed().contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> goOn.add(name, value));
              }
            });
    changes.added().forEach(line -> goOn.add(line.name(), line.value()));
    this.headers = HttpHeaders.readOnlyHttpHeaders(goOn);
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }
}
