package io.meshclient.examples;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The end of the chain: {@code /process}, and {@code POST /api/payments/*}. Calls nobody, and needs
 * the library for who may call it alone.
 */
public final class PaymentService {
  private final Settings settings;

  private PaymentService(Settings settings) {
    this.settings = settings;
  }

  public static void main(String[] args) throws IOException {
    start(Settings.of("payment-service", System.getenv())).serve();
  }

  static HttpService start(Settings settings) throws IOException {
    return HttpService.start(settings, new PaymentService(settings)::handle, settings.meshClient());
  }

  private Reply handle(String method, String path) {
    boolean posted = method.equals("POST");
    if (path.equals("/process")) {
      return posted || method.equals("GET") ? processed() : Reply.notAllowed(method);
    }
    if (path.startsWith("/api/payments/")) {
      return posted ? processed() : Reply.notAllowed(method);
    }
    return Reply.notFound(path);
  }

  private Reply processed() {
    JsonObject json = new JsonObject();
    json.addProperty("service", settings.service());
    json.addProperty("version", settings.version());
    json.addProperty("status", "processed");
    json.addProperty("timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.add("carried", Carried.json());
    return Reply.json(200, json);
  }
}
