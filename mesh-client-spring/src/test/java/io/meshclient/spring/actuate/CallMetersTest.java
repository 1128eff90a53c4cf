package io.meshclient.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.istio.ConfigSource;
import io.meshclient.spring.MeshClientAutoConfiguration;
import io.meshclient.spring.test.MeshExtension;
import io.meshclient.spring.test.ScriptedEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CallMetersTest {
  @RegisterExtension static final MeshExtension endpoints = new MeshExtension();
  static final ScriptedEndpoint v1 = endpoints.endpoint("orders", "v1");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void calls_are_timed_by_destination_and_outcome_and_unknown_hosts_are_one() throws IOException {
    try (MeshClient mesh =
        endpoints
            .applyTo(MeshClient.builder().config(ConfigSource.classpath("slice/rules.yaml")))
            .onDecision(new CallMeters(() -> registry))
            .build()) {
      call(mesh, "http://orders:8080/a");
      call(mesh, "http://orders:8080/b");
      call(mesh, "http://" + v1.address() + "/");
    }
    assertThat(
            registry
                .get("mesh.client.requests")
                .tags("service", "orders.default.svc.cluster.local", "subset", "v1")
                .tags("outcome", "2xx", "flags", "none")
                .timer()
                .count())
        .isEqualTo(2);
    assertThat(registry.get("mesh.client.requests").tag("service", "unknown").timer().count())
        .isEqualTo(1);
  }

  @Test
  void calls_are_timed_unless_that_is_turned_off() {
    ApplicationContextRunner runner =
        new ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    MeshClientAutoConfiguration.class, MeshMetersAutoConfiguration.class))
            .withBean(MeterRegistry.class, () -> registry)
            .withPropertyValues("mesh.client.mode=none");
    runner
        .withPropertyValues("mesh.client.meters.enabled=false")
        .run(context -> callDirectly(context.getBean(MeshClient.class)));
    assertThat(registry.find("mesh.client.requests").timer()).isNull();
    runner.run(context -> callDirectly(context.getBean(MeshClient.class)));
    assertThat(registry.get("mesh.client.requests").timer().count()).isEqualTo(1);
  }

  private static void callDirectly(MeshClient mesh) throws IOException {
    call(mesh, "http://" + v1.address() + "/");
  }

  private static void call(MeshClient mesh, String url) throws IOException {
    mesh.okHttpClient().newCall(new Request.Builder().url(url).build()).execute().close();
  }
}
