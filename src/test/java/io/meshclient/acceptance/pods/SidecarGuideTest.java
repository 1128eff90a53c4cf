package io.meshclient.acceptance.pods;

import static io.meshclient.acceptance.pods.Service.ORDER_V1;
import static io.meshclient.acceptance.pods.Service.ORDER_V2;
import static io.meshclient.acceptance.pods.Service.PAYMENT;
import static io.meshclient.acceptance.pods.Service.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.pods.Pods.Answer;
import io.meshclient.acceptance.pods.Pods.Caller;
import io.meshclient.examples.spans.ReceivedSpan;
import io.meshclient.examples.spans.SpanSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide's YAML by real sidecars, and the same jar behind them. */
@Tag("envoy")
@Tag("netns")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SidecarGuideTest {
  private static final Service[] SERVICES = {WEB, ORDER_V1, ORDER_V2, PAYMENT};
  private static final int REQUESTS = 400;

  /** Of 400 with a chance of 0.1: outside of these once in ten million runs. */
  private static final int FEWEST = 10;

  private static final int MOST = 75;

  @TempDir static Path directory;
  private static @Nullable Pods pods;

  @BeforeAll
  static void start() throws Exception {
    Machine.assumePods();
    Path rules = Files.createDirectory(directory.resolve("rules"));
    try (Stream<Path> guide = Files.list(Machine.GUIDE)) {
      for (Path file : guide.toList()) {
        Files.copy(file, rules.resolve(file.getFileName()));
      }
    }
    pods = Pods.traced(rules, directory, SERVICES);
    pods.startSidecars();
    pods.startServices(
        Map.of(
            "MESH_CLIENT_CONFIG",
            rules.toString(),
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            pods.collector(),
            "OTEL_METRICS_EXPORTER",
            "none",
            "OTEL_BSP_SCHEDULE_DELAY",
            "100"),
        SERVICES);
  }

  @AfterAll
  static void stop() {
    if (pods != null) {
      pods.close();
    }
  }

  @Test
  void headers_travelThreeHops() throws Exception {
    Answer answer =
        from(Pods.CLIENT, "web")
            .get("/pay", "x-canary", "true", "x-user-id", "7", "x-request-id", "one-of-ours");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonObject order = inner(answer.json(), "pay", "answer");
    JsonObject payment = inner(order, "payment", "answer");
    List<JsonObject> carried = new ArrayList<>();
    for (JsonObject hop : List.of(answer.json(), order, payment)) {
      carried.add(inner(hop, "carried"));
    }
    assertThat(Set.copyOf(carried)).hasSize(1);
    JsonObject headers = carried.get(0);
    assertThat(headers.get("x-canary").getAsString()).isEqualTo("true");
    assertThat(headers.get("x-user-id").getAsString()).isEqualTo("7");
    assertThat(headers.get("x-request-id").getAsString()).isEqualTo("one-of-ours");
  }

  @Test
  void canariesAndEvenUsers_reachV2() throws Exception {
    Caller web = from(Pods.CLIENT, "web");
    for (int i = 0; i < 20; i++) {
      assertThat(version(web.get("/checkout", "x-canary", "true"))).isEqualTo("v2");
      assertThat(version(web.get("/checkout", "x-user-id", "4" + 2 * (i % 5)))).isEqualTo("v2");
    }
  }

  @Test
  void weights_areTheRules() throws Exception {
    Caller web = from(Pods.CLIENT, "web");
    int canaries = 0;
    for (int i = 0; i < REQUESTS; i++) {
      canaries += version(web.get("/checkout", "x-user-id", "41")).equals("v2") ? 1 : 0;
    }
    assertThat(canaries).isBetween(FEWEST, MOST);
  }

  @Test
  void paymentService_letsInWhomItsPolicyNames() throws Exception {
    Caller order = from(ORDER_V1.pod(), "payment-service");
    assertThat(order.post("/api/payments/1").status()).isEqualTo(200);
    assertThat(order.get("/api/payments/1").status()).isEqualTo(403);
    assertThat(order.post("/api/payments/1", "x-user-role", "guest").status()).isEqualTo(403);

    Answer direct = from(WEB.pod(), "payment-service").post("/api/payments/1");
    assertThat(direct.status()).isEqualTo(403);
    assertThat(direct.body()).isEqualTo("RBAC: access denied");
    assertThat(direct.headers().get("x-served-by")).isNull();
  }

  @Test
  void callersWithoutIdentity_areNotLetIn() throws Exception {
    Caller web = from(Pods.OUTSIDER, address(WEB));
    assertThat(web.get("/pay").status()).isEqualTo(403);
    Caller payment = from(Pods.OUTSIDER, address(PAYMENT));
    assertThatThrownBy(() -> payment.post("/api/payments/1"))
        .as("mTLS is STRICT there")
        .isInstanceOf(IOException.class);
  }

  /** What is below what, by whom each span is and what it is of. */
  private static final List<String> CHECKOUT =
      List.of(
          "client.production LEAVES < caller",
          "web.production ENTERS < client.production LEAVES",
          "web SERVES < web.production ENTERS",
          // asks for an order
          "web CALLS < web SERVES",
          "web TRIES < web CALLS",
          "web.production LEAVES < web TRIES",
          "order-service-v2.production ENTERS < web.production LEAVES",
          "order-service SERVES < order-service-v2.production ENTERS",
          // has it paid
          "web CALLS < web SERVES",
          "web TRIES < web CALLS",
          "web.production LEAVES < web TRIES",
          "order-service-v2.production ENTERS < web.production LEAVES",
          "order-service SERVES < order-service-v2.production ENTERS",
          "order-service CALLS < order-service SERVES",
          "order-service TRIES < order-service CALLS",
          "order-service-v2.production LEAVES < order-service TRIES",
          "payment-service.production ENTERS < order-service-v2.production LEAVES",
          "payment-service SERVES < payment-service.production ENTERS");

  @Test
  void sidecarsAndServices_reportOneTree() throws Exception {
    String unsampled = "0af7651916cd43dd8448eb211c80319c";
    String sampled = "4bf92f3577b34da6a3ce929d0e0e4736";
    checkout("00-" + unsampled + "-b7ad6b7169203331-00");
    checkout("00-" + sampled + "-00f067aa0ba902b7-01");

    SpanSource collected = Objects.requireNonNull(pods).spans();
    List<ReceivedSpan> spans =
        collected.await(sampled, s -> s.size() >= CHECKOUT.size(), 30, TimeUnit.SECONDS);
    Map<String, String> names = new HashMap<>(Map.of("00f067aa0ba902b7", "caller"));
    spans.forEach(span -> names.put(span.spanId(), span.service() + " " + span.role()));
    assertThat(spans)
        .extracting(span -> names.get(span.spanId()) + " < " + names.get(span.parentId()))
        .containsExactlyInAnyOrderElementsOf(CHECKOUT);
    assertThat(collected.await(unsampled, s -> true, 0, TimeUnit.SECONDS)).isEmpty();
  }

  private static void checkout(String traceparent) throws Exception {
    Answer answer =
        from(Pods.CLIENT, "web").get("/checkout", "x-canary", "true", "traceparent", traceparent);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void library_leavesToTheSidecarWhatIsIts() throws Exception {
    JsonObject order = from(Pods.CLIENT, "web").get("/checkout").json().getAsJsonObject("order");
    List<String> mesh = new ArrayList<>();
    order.getAsJsonArray("mesh").forEach(word -> mesh.add(word.getAsString()));
    assertThat(mesh)
        .contains("routing", "retries", "timeouts", "endpoints", "ejection", "mTLS")
        .doesNotContain("propagation", "breaker", "deadline");
    assertThat(order.getAsJsonArray("attempts")).hasSize(1);
  }

  private static Caller from(String pod, String host) throws Exception {
    return Objects.requireNonNull(pods).from(pod, host);
  }

  private static String address(Service service) {
    return Objects.requireNonNull(pods).pod(service.pod()).address();
  }

  private static String version(Answer answer) {
    JsonObject order = answer.json().getAsJsonObject("order").getAsJsonObject("answer");
    return order.get("version").getAsString();
  }

  private static JsonObject inner(JsonObject json, String... path) {
    JsonObject found = json;
    for (String name : path) {
      found = found.getAsJsonObject(name);
    }
    return found;
  }
}
