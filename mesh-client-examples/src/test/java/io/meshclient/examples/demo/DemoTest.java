package io.meshclient.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DemoTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void guidesYaml_keepsItsPromises() throws Exception {
    int status = Demo.run(out, "--config", "istio", "--requests", "200");
    assertThat(status).as(output()).isZero();
    assertThat(output())
        .contains("02-order-traffic.yaml:9 http[0] header x-canary")
        .contains("02-order-traffic.yaml:18 http[1] header x-user-id")
        .contains("02-order-traffic.yaml:27 http[2]")
        .contains("03-payment-traffic.yaml:")
        .contains("Every expectation held.")
        .doesNotContain("FAIL")
        .doesNotContain("\033");
    assertNoChildren();
  }

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void assertNoChildren() {
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> child.info().commandLine().orElse("").contains(Child.class.getName()));
  }
}
