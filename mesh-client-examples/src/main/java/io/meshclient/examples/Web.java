package io.meshclient.examples;

import com.google.gson.JsonObject;
import io.meshclient.MeshClient;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The front: {@code GET /checkout} asks order-service for the orders and then payment-service for
 * the payment; {@code GET /pay} has order-service pay, so that a request makes three hops. Both
 * tell who answered and which rule led there.
 */
public final class Web {
  private static final Request ORDERS =
      new Request.Builder().url("http://order-service:8080/api/orders").build();
  private static final Request PAYMENT =
      new Request.Builder()
          .url("http://payment-service:8080/api/payments/checkout")
          .post(RequestBody.create("{}", MediaType.get("application/json")))
          .build();
  private static final Request PAY_BY_ORDER =
      new Request.Builder().url("http://order-service:8080/api/pay").build();

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
    if (!path.equals("/checkout") && !path.equals("/pay")) {
      return Reply.notFound(path);
    }
    if (!method.equals("GET")) {
      return Reply.notAllowed(method);
    }
    return path.equals("/pay") ? pay() : checkout();
  }

  private Reply checkout() {
    JsonObject json = new JsonObject();
    json.add("carried", Carried.json());
    Outcome order = call(ORDERS);
    json.add("order", order.json());
    if (order.status() != 200) {
      return Reply.json(502, json);
    }
    Outcome payment = call(PAYMENT);
    json.add("payment", payment.json());
    return Reply.json(payment.status() == 200 ? 200 : 502, json);
  }

  private Reply pay() {
    JsonObject json = new JsonObject();
    json.add("carried", Carried.json());
    Outcome order = call(PAY_BY_ORDER);
    json.add("order", order.json());
    return Reply.json(order.status() == 200 ? 200 : 502, json);
  }

  /** No deadline but the route's. */
  private Outcome call(Request request) {
    return Outcome.of(mesh, request, Duration.ZERO);
  }
}
