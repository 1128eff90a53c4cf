package io.meshclient.examples;

import com.google.gson.JsonObject;
import io.meshclient.MeshClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import okhttp3.Request;

/** The guide's order-service: {@code GET /api/orders}, and {@code GET|POST /api/pay}. */
public final class OrderService {
  private static final Request PROCESS =
      new Request.Builder().url("http://payment-service:8080/process").build();
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Settings settings;
  private final MeshClient mesh;

  private OrderService(Settings settings, MeshClient mesh) {
    this.settings = settings;
    this.mesh = mesh;
  }

  public static void main(String[] args) throws IOException {
    start(Settings.of("order-service", System.getenv())).serve();
  }

  static HttpService start(Settings settings) throws IOException {
    MeshClient mesh = settings.meshClient();
    return HttpService.start(settings, new OrderService(settings, mesh)::handle, mesh);
  }

  private Reply handle(String method, String path) {
    return switch (path) {
      case "/api/orders" -> method.equals("GET") ? orders() : Reply.notAllowed(method);
      case "/api/pay" ->
          method.equals("GET") || method.equals("POST") ? pay() : Reply.notAllowed(method);
      default -> Reply.notFound(path);
    };
  }

  private Reply orders() {
    JsonObject json = new JsonObject();
    json.addProperty("service", settings.service());
    json.addProperty("version", settings.version());
    json.addProperty("timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return Reply.json(200, json);
  }

  private Reply pay() {
    Outcome payment = Outcome.of(mesh, PROCESS, DEADLINE);
    if (payment.failed()) {
      JsonObject json = new JsonObject();
      json.addProperty("error", "payment service unavailable");
      json.addProperty("detail", detail(payment));
      json.add("payment", payment.json());
      return Reply.json(503, json);
    }
    JsonObject json = new JsonObject();
    json.addProperty("service", settings.service());
    json.addProperty("version", settings.version());
    json.add("carried", Carried.json());
    json.add("payment", payment.json());
    return Reply.json(payment.status(), json);
  }

  private static String detail(Outcome payment) {
    String text =
        payment.body().isJsonPrimitive() ? payment.body().getAsString() : payment.body().toString();
    return payment.status() == 0 ? text : "status " + payment.status() + ": " + text;
  }
}
