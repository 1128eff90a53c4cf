package io.meshclient.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<HttpService> services = new ArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void stop() {
    services.forEach(HttpService::close);
  }

  @Test
  void orders_areTheGuides() throws Exception {
    HttpService order = order("v2", Map.of());
    assertThat(send(order, "GET", "/health").body()).isEqualTo("ok");
    JsonObject json = json(send(order, "GET", "/api/orders"));
    assertThat(json.keySet()).containsExactly("service", "version", "timestamp");
    assertThat(json.get("service").getAsString()).isEqualTo("order-service");
    assertThat(json.get("version").getAsString()).isEqualTo("v2");
    assertThat(Instant.parse(json.get("timestamp").getAsString()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "order, POST, /api/orders, 405",
    "order, PUT, /api/pay, 405",
    "order, GET, /api/orders/1, 404",
    "payment, GET, /process, 200",
    "payment, POST, /process, 200",
    "payment, DELETE, /process, 405",
    "payment, POST, /api/payments/42, 200",
    "payment, GET, /api/payments/42, 405",
    "payment, GET, /, 404",
    "web, GET, /health, 200",
    "web, POST, /checkout, 405",
    "web, GET, /elsewhere, 404",
  })
  void request_getsStatus(String service, String method, String path, int status) throws Exception {
    HttpService started =
        switch (service) {
          case "order" -> order("v1", Map.of());
          case "payment" -> payment(Map.of());
          default -> web(Map.of());
        };
    assertThat(send(started, method, path).statusCode()).isEqualTo(status);
  }

  @Test
  void checkout_tellsWhoAnsweredAndWhy() throws Exception {
    HttpService payments = payment(Map.of());
    Map<String, String> toPayments = mesh(null, null, payments);
    Map<String, String> mesh = mesh(order("v1", toPayments), order("v2", toPayments), payments);
    JsonObject json = json(send(web(mesh), "GET", "/checkout", "x-canary", "true"));
    JsonObject order = json.getAsJsonObject("order");
    assertThat(order.getAsJsonObject("answer").get("version").getAsString()).isEqualTo("v2");
    assertThat(order.get("pod").getAsString()).isEqualTo("order-service-v2");
    assertThat(order.get("rule").getAsString()).isEqualTo("02-order-traffic.yaml:9 http[0]");
    assertThat(order.get("condition").getAsString()).contains("x-canary");
    assertThat(order.getAsJsonArray("attempts")).hasSize(1);
    JsonObject payment = json.getAsJsonObject("payment");
    assertThat(payment.get("status").getAsInt()).isEqualTo(200);
    assertThat(payment.get("rule").getAsString()).startsWith("03-payment-traffic.yaml:");
  }

  @Test
  void pay_carriesHeadersToTheFarEnd() throws Exception {
    HttpService payment = payment(Map.of());
    Map<String, String> order = mesh(null, null, payment);
    HttpService web = web(mesh(order("v1", order), order("v2", order), payment));
    JsonObject json =
        json(send(web, "GET", "/pay", "x-canary", "true", "x-request-id", "r-1", "x-user-id", "7"));
    JsonObject atOrder = json.getAsJsonObject("pay").getAsJsonObject("answer");
    JsonObject atPayment = atOrder.getAsJsonObject("payment").getAsJsonObject("answer");
    assertThat(atPayment.get("carried"))
        .isEqualTo(json.get("carried"))
        .isEqualTo(atOrder.get("carried"))
        .isEqualTo(
            JsonParser.parseString(
                "{\"x-canary\":\"true\",\"x-user-id\":\"7\",\"x-request-id\":\"r-1\"}"));
  }

  @Test
  void payWithoutPaymentService_answers503() throws Exception {
    try (Socket gone = refusing()) {
      HttpService order = order("v1", mesh("payment-service=127.0.0.1:" + gone.getLocalPort()));
      HttpResponse<String> response = send(order, "POST", "/api/pay");
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(json(response).get("error").getAsString())
          .isEqualTo("payment service unavailable");
      assertThat(json(response).get("detail").getAsString()).startsWith("status 503: ");
    }
  }

  @Test
  void checkoutWithoutOrders_paysNothing() throws Exception {
    try (Socket gone = refusing()) {
      String endpoints =
          "order-service/v1=127.0.0.1:%1$d,order-service/v2=127.0.0.1:%1$d,payment-service=127.0.0.1:%2$d"
              .formatted(gone.getLocalPort(), payment(Map.of()).port());
      HttpResponse<String> response = send(web(mesh(endpoints)), "GET", "/checkout");
      assertThat(response.statusCode()).isEqualTo(502);
      assertThat(json(response).getAsJsonObject("order").get("status").getAsInt()).isEqualTo(503);
      assertThat(json(response).has("payment")).isFalse();
    }
  }

  @Test
  void fault_isWhatTheFileSays() throws Exception {
    Path file = directory.resolve("fault");
    HttpService payment = payment(Map.of("SERVICE_FAULTS", file.toString()));
    assertThat(send(payment, "GET", "/process").statusCode()).isEqualTo(200);
    Files.writeString(file, "503\n");
    assertThat(send(payment, "GET", "/process").statusCode()).isEqualTo(503);
    assertThat(send(payment, "GET", "/health").statusCode()).isEqualTo(200);
    Files.writeString(file, "delay 300");
    long start = System.nanoTime();
    assertThat(send(payment, "GET", "/process").statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(295));
    Files.writeString(file, "200");
    assertThat(send(payment, "GET", "/process").statusCode()).isEqualTo(500);
    Files.delete(file);
    assertThat(send(payment, "GET", "/process").statusCode()).isEqualTo(200);
  }

  @Test
  void takenPort_isNamed() throws Exception {
    String port = Integer.toString(payment(Map.of()).port());
    assertThatThrownBy(() -> web(Map.of("SERVICE_PORT", port)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("expected: a free port");
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "SERVICE_PORT, http",
    "SERVICE_PORT, 65536",
    "SERVICE_ADDRESS, no.such.address.invalid",
    "MESH_CLIENT_ENDPOINTS, order-service",
  })
  void wrongVariable_isNamed(String name, String value) {
    assertThatThrownBy(() -> web(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("expected");
  }

  private HttpService order(String version, Map<String, String> more) throws IOException {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("SERVICE_VERSION", version);
    return keep(OrderService.start(settings("order-service", variables)));
  }

  private HttpService payment(Map<String, String> variables) throws IOException {
    return keep(PaymentService.start(settings("payment-service", variables)));
  }

  private HttpService web(Map<String, String> variables) throws IOException {
    return keep(Web.start(settings("web", variables)));
  }

  private HttpService keep(HttpService service) {
    services.add(service);
    return service;
  }

  /** Bound, its port is nobody else's, and as it does not listen, it refuses. */
  private static Socket refusing() throws IOException {
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return bound;
  }

  private static Settings settings(String service, Map<String, String> more) {
    Map<String, String> variables = new HashMap<>();
    variables.put("SERVICE_ADDRESS", "127.0.0.1");
    variables.put("SERVICE_PORT", "0");
    variables.putAll(more);
    return Settings.of(service, variables);
  }

  private static Map<String, String> mesh(HttpService v1, HttpService v2, HttpService payment) {
    List<String> endpoints = new ArrayList<>();
    if (v1 != null) {
      endpoints.add("order-service/v1=127.0.0.1:" + v1.port());
      endpoints.add("order-service/v2=127.0.0.1:" + v2.port());
    }
    endpoints.add("payment-service=127.0.0.1:" + payment.port());
    return mesh(String.join(",", endpoints));
  }

  private static Map<String, String> mesh(String endpoints) {
    return Map.of(
        "OTEL_TRACES_EXPORTER", "none", // the collector of the rules is not there
        "OTEL_METRICS_EXPORTER", "none",
        "MESH_CLIENT_CONFIG", "istio",
        "MESH_CLIENT_NAMESPACE", "production",
        "MESH_CLIENT_ENDPOINTS", endpoints);
  }

  private HttpResponse<String> send(
      HttpService service, String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }
}
