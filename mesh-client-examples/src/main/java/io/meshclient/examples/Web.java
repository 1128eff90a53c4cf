package io.meshclient.examples;

import com.google.gson.JsonObject;
import io.meshclient.MeshClient;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The front: {@code GET /checkout} asks order-service for the orders and then has it pay; {@code
 * GET /pay} has it pay alone. Paying makes three hops: payment-service takes no calls but
 * order-service's. {@code GET /charge} tries it all the same. All tell who answered and which rule
 * led there.
 */
public final class Web {
  private static final Request ORDERS =
      new Request.Builder().url("http://order-service:8080/api/orders").build();
  private static final Request PAY =
      new Request.Builder().url("http://order-service:8080/api/pay").build();
  private static final Request CHARGE =
      new Request.Builder()
          .url("http://payment-service:8080/api/payments/1")
          .post(RequestBody.create("{}", MediaType.get("application/json")))
          .build();

  private final MeshClient mesh;

  private Web(MeshClient mesh) {
    this.mesh = mesh;
  }

  public static void main(String[] args) throws IOException {
    start(Settings.of("web", System.getenv())).serve();
  }

  static HttpService start(Settings settings) throws IOException {
    MeshClient mesh = settings.meshClient();
    return HttpService.start(settings, new Web(mesh)::handle, mesh);
  }

  private Reply handle(String method, String path) {
    return switch (path) {
      case "/checkout" -> method.equals("GET") ? checkout() : Reply.notAllowed(method);
      case "/pay" -> method.equals("GET") ? pay(new JsonObject()) : Reply.notAllowed(method);
      case "/charge" -> method.equals("GET") ? charge() : Reply.notAllowed(method);
      default -> Reply.notFound(path);
    };
  }

  private Reply checkout() {
    JsonObject json = new JsonObject();
    Outcome order = call(ORDERS);
    json.add("order", order.json());
    return order.status() == 200 ? pay(json) : Reply.json(502, json);
  }

  /** What order-service said of its own call to payment-service stands beside. */
  private Reply pay(JsonObject json) {
    json.add("carried", Carried.json());
    Outcome pay = call(PAY);
    json.add("pay", pay.json());
    if (pay.body().isJsonObject() && pay.body().getAsJsonObject().has("payment")) {
      json.add("payment", pay.body().getAsJsonObject().get("payment"));
    }
    return Reply.json(pay.status() == 200 ? 200 : 502, json);
  }

  private Reply charge() {
    JsonObject json = new JsonObject();
    Outcome payment = call(CHARGE);
    json.add("payment", payment.json());
    return Reply.json(payment.status() == 200 ? 200 : 502, json);
  }

  /** No deadline but the route's. */
  private Outcome call(Request request) {
    return Outcome.of(mesh, request, Duration.ZERO);
  }
}
