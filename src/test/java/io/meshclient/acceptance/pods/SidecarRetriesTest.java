package io.meshclient.acceptance.pods;

import static io.meshclient.acceptance.pods.Service.ORDER_V1;
import static io.meshclient.acceptance.pods.Service.PAYMENT;
import static org.assertj.core.api.Assertions.assertThat;

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

/** One layer retries, with a sidecar and without, and the breaker counts a call once. */
@Tag("envoy")
@Tag("netns")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SidecarRetriesTest {
  /** One request and three retries. */
  private static final int TRIES = 4;

  /** The guide's: after so many failed calls the application's breaker opens. */
  private static final int OPENS_AFTER = 3;

  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: payment-service
        namespace: production
      spec:
        hosts:
        - payment-service
        http:
        - route:
          - destination:
              host: payment-service
          retries:
            attempts: 3
            retryOn: 5xx
      """;

  @TempDir Path directory;

  @BeforeAll
  static void assumePods() {
    Machine.assumePods();
  }

  @Test
  void alwaysFailing_behindSidecars_isTriedFourTimesAndCountedOnce() throws Exception {
    Path config = Files.writeString(directory.resolve("rules.yaml"), RULES);
    try (Pods pods = Pods.injected(config, directory, ORDER_V1, PAYMENT)) {
      pods.startSidecars();
      pods.startServices(
          Map.of("MESH_CLIENT_CONFIG", config.toAbsolutePath().toString()), ORDER_V1, PAYMENT);
      assertTries(pods, pods.from(Pods.CLIENT, "order-service"));
    }
  }

  @Test
  void alwaysFailing_withoutSidecars_isTriedFourTimesAndCountedOnce() throws Exception {
    Path config = Files.writeString(directory.resolve("rules.yaml"), RULES);
    try (Pods pods = Pods.bare(directory, ORDER_V1, PAYMENT)) {
      String endpoint = "payment-service=" + pods.pod(PAYMENT.pod()).address() + ":8080";
      pods.startServices(
          Map.of(
              "MESH_CLIENT_CONFIG",
              config.toAbsolutePath().toString(),
              "MESH_CLIENT_ENDPOINTS",
              endpoint),
          ORDER_V1,
          PAYMENT);
      assertTries(pods, pods.from(ORDER_V1.pod(), "localhost"));
    }
  }

  /**
   * A call's tries are those of one layer, and count once: else the breaker would open in the midst
   * of the first call.
   */
  private static void assertTries(Pods pods, Caller order) throws Exception {
    pods.fault(PAYMENT, "503");
    for (int call = 1; call <= OPENS_AFTER; call++) {
      assertThat(order.get("/api/pay").body()).contains("status 503");
      assertThat(pods.faults(PAYMENT)).isEqualTo((long) TRIES * call);
    }
    assertThat(order.get("/api/pay").body()).contains("circuit open");
    assertThat(pods.faults(PAYMENT)).isEqualTo((long) TRIES * OPENS_AFTER);
  }
}
