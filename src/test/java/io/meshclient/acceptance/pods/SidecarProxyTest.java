package io.meshclient.acceptance.pods;

import static io.meshclient.acceptance.pods.Service.ORDER_V1;
import static io.meshclient.acceptance.pods.Service.ORDER_V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.acceptance.pods.Pods.Answer;
import io.meshclient.acceptance.pods.Pods.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mesh proxy outbound --mode istio} in a pod whose sidecar is an exported Envoy. */
@Tag("envoy")
@Tag("netns")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SidecarProxyTest {
  private static final int PORT = 9000;

  /** One request and three retries. */
  private static final int TRIES = 4;

  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: order-service, namespace: production}
      spec:
        host: order-service
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: order-service, namespace: production}
      spec:
        hosts: [order-service]
        http:
        - match:
          - headers: {x-canary: {exact: "true"}}
          route:
          - destination: {host: order-service, subset: v2}
          retries: {attempts: 3, retryOn: 5xx}
        - route:
          - destination: {host: order-service, subset: v1}
      """;

  @TempDir Path directory;

  @BeforeAll
  static void assumePods() {
    Machine.assumePods();
  }

  @Test
  void proxy_leavesToTheSidecarWhatIsIts() throws Exception {
    Path config = Files.writeString(directory.resolve("rules.yaml"), RULES);
    try (Pods pods = Pods.injected(config, directory, ORDER_V1, ORDER_V2)) {
      pods.startSidecars().startServices(Map.of(), ORDER_V1, ORDER_V2);
      pods.startProxy(
          Pods.CLIENT,
          PORT,
          "--mode",
          "istio",
          "--namespace",
          "production",
          "--config",
          config.toAbsolutePath().toString());
      Caller order = pods.through(Pods.CLIENT, PORT, "order-service:8080");

      Answer canary = order.get("/api/orders", "x-canary", "true");
      assertThat(canary.status()).as(canary.body()).isEqualTo(200);
      assertThat(canary.json().get("version").getAsString()).isEqualTo("v2");
      assertThat(canary.headers().get("server")).as("by a sidecar").isEqualTo("envoy");
      assertThat(order.get("/api/orders").json().get("version").getAsString()).isEqualTo("v1");

      pods.fault(ORDER_V2, "503");
      assertThat(order.get("/api/orders", "x-canary", "true").status()).isEqualTo(503);
      assertThat(pods.faults(ORDER_V2)).as("one layer retries").isEqualTo(TRIES);
    }
  }
}
