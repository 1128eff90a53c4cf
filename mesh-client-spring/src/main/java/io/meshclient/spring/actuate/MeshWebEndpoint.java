package io.meshclient.spring.actuate;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Tells whoever sets a breaker over HTTP why that is refused: Boot answers 400 by itself, and keeps
 * the reason unless {@code server.error.include-message} says otherwise.
 */
@EndpointWebExtension(endpoint = MeshEndpoint.class)
record MeshWebEndpoint(MeshEndpoint endpoint) {

  /** As {@link MeshEndpoint#set}; refused with 400 and an {@code error}. */
  @WriteOperation
  WebEndpointResponse<Map<String, String>> set(String breaker, String action) {
    try {
      return new WebEndpointResponse<>(endpoint.set(breaker, action));
    } catch (InvalidEndpointRequestException e) {
      return new WebEndpointResponse<>(
          Map.of("error", String.valueOf(e.getReason())), WebEndpointResponse.STATUS_BAD_REQUEST);
    }
  }
}
