package io.meshclient.examples.spring;

import com.google.gson.JsonObject;
import io.meshclient.context.MeshContext;
import io.meshclient.telemetry.MeshTelemetry;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * {@code GET /checkout} asks order-service for the orders by RestClient, and then has it pay by
 * WebClient, as {@code GET /pay} does; {@code GET /charge} asks payment-service by an HTTP
 * interface.
 */
@RestController
class WebController {
  private static final String ORDERS = "/api/orders";
  private static final String PAY = "/api/pay";
  private static final String CHARGE = "/api/payments/1";
  private static final List<String> SHOWN = List.of("x-canary", "x-user-id", "x-request-id");

  private final RestClient orders;
  private final Payments payments;
  private final WebClient ordersReactive;
  private final Decisions decisions;
  private final MeshTelemetry telemetry;
  private final String pod;

  WebController(
      RestClient orders,
      Payments payments,
      WebClient ordersReactive,
      Decisions decisions,
      MeshTelemetry telemetry,
      @Value("${web.pod}") String pod) {
    this.orders = orders;
    this.payments = payments;
    this.ordersReactive = ordersReactive;
    this.decisions = decisions;
    this.telemetry = telemetry;
    this.pod = pod;
  }

  @GetMapping("/checkout")
  ResponseEntity<String> checkout() {
    JsonObject json = new JsonObject();
    Outcome order =
        Outcome.of(
            decisions, ORDERS, () -> orders.get().uri(ORDERS).retrieve().toEntity(String.class));
    json.add("order", order.json());
    return order.status() == 200 ? pay(json) : answer(502, json);
  }

  @GetMapping("/pay")
  ResponseEntity<String> pay() {
    return pay(new JsonObject());
  }

  /** What order-service said of its own call to payment-service stands beside. */
  private ResponseEntity<String> pay(JsonObject json) {
    json.add("carried", carried());
    Outcome pay =
        Outcome.of(
            decisions,
            PAY,
            () ->
                ordersReactive
                    .get()
                    .uri(PAY)
                    .exchangeToMono(answer -> answer.toEntity(String.class))
                    .block());
    json.add("pay", pay.json());
    if (pay.answer() instanceof JsonObject said && said.has("payment")) {
      json.add("payment", said.get("payment"));
    }
    return answer(pay.status() == 200 ? 200 : 502, json);
  }

  @GetMapping("/charge")
  ResponseEntity<String> charge() {
    JsonObject json = new JsonObject();
    Outcome payment = Outcome.of(decisions, CHARGE, () -> payments.charge("{}"));
    json.add("payment", payment.json());
    return answer(payment.status() == 200 ? 200 : 502, json);
  }

  @GetMapping("/health")
  String health() {
    return "ok";
  }

  @GetMapping("/metrics")
  ResponseEntity<String> metrics() {
    return ResponseEntity.ok()
        .header("content-type", MeshTelemetry.prometheusType())
        .body(telemetry.prometheus());
  }

  private static JsonObject carried() {
    JsonObject json = new JsonObject();
    for (String name : SHOWN) {
      String value = MeshContext.current().header(name);
      if (value != null) {
        json.addProperty(name, value);
      }
    }
    return json;
  }

  private ResponseEntity<String> answer(int status, JsonObject json) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .header("x-served-by", pod)
        .body(json + "\n");
  }
}
