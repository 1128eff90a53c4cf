package io.meshclient.examples.spring;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/** payment-service, as an HTTP interface. */
public interface Payments {

  @PostExchange(url = "/api/payments/1", contentType = "application/json")
  ResponseEntity<String> charge(@RequestBody String body);
}
