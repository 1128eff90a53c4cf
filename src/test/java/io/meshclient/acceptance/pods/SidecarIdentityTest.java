package io.meshclient.acceptance.pods;

import static io.meshclient.acceptance.pods.Service.PAYMENT;
import static io.meshclient.acceptance.pods.Service.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.acceptance.pods.Pods.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sidecars prove who calls, and the library behind one takes its word. */
@Tag("envoy")
@Tag("netns")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SidecarIdentityTest {
  private static final String FORGED =
      "By=spiffe://cluster.local/ns/production/sa/payment-service;Hash=00;"
          + "URI=spiffe://cluster.local/ns/production/sa/admin";

  @TempDir Path directory;

  @BeforeAll
  static void assumePods() {
    Machine.assumePods();
  }

  @Test
  void caller_isKnownBehindTheSidecar() throws Exception {
    Path none = Files.createDirectory(directory.resolve("none"));
    try (Pods pods = Pods.injected(none, directory, WEB, PAYMENT)) {
      pods.startSidecars().startPeerService(PAYMENT);

      Answer answer = pods.from(WEB.pod(), "payment-service").get("/");
      assertThat(answer.body()).isEqualTo("spiffe://cluster.local/ns/production/sa/web");

      Answer forged =
          pods.from(WEB.pod(), "payment-service").get("/", "x-forwarded-client-cert", FORGED);
      assertThat(forged.body()).isEqualTo("spiffe://cluster.local/ns/production/sa/web");

      Answer plain = pods.from(Pods.OUTSIDER, pods.pod(PAYMENT.pod()).address()).get("/");
      assertThat(plain.body()).isEqualTo("nobody");
    }
  }
}
