package io.meshclient.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.MeshClient;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.spring.MeshClientAutoConfiguration;
import io.meshclient.spring.MeshClientBuilderCustomizer;
import io.meshclient.spring.test.MeshExtension;
import io.meshclient.spring.test.ScriptedEndpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class MeshEndpointTest {
  @RegisterExtension static final MeshExtension endpoints = new MeshExtension();
  static final ScriptedEndpoint v1 = endpoints.endpoint("orders", "v1");
  static final ScriptedEndpoint v2 = endpoints.endpoint("orders", "v2");

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MeshClientAutoConfiguration.class, MeshActuatorAutoConfiguration.class))
          .withBean(
              MeshClientBuilderCustomizer.class,
              () ->
                  builder -> endpoints.applyTo(builder).circuitBreaker("*", BreakerSettings.GUIDE))
          .withPropertyValues(
              "mesh.client.mode=none",
              "mesh.client.config.locations=classpath:slice",
              "management.endpoints.jmx.exposure.include=mesh",
              "spring.jmx.enabled=true");

  private static void call(MeshClient mesh, String path) throws IOException {
    Request request = new Request.Builder().url("http://orders:8080" + path).build();
    try (Response answer = mesh.okHttpClient().newCall(request).execute()) {
      answer.body().bytes();
    }
  }

  @Test
  void report_tells_what_was_decided_and_why() {
    runner.run(
        context -> {
          call(context.getBean(MeshClient.class), "/orders?token=secret");
          MeshReport report = context.getBean(MeshEndpoint.class).report();
          assertThat(report.mode()).isEqualTo("none");
          assertThat(report.ownership()).containsEntry("routing", "library");
          assertThat(report.problems()).isEmpty();
          MeshReport.Call last = report.decisions().get(0);
          assertThat(last.request()).isEqualTo("GET orders:8080/orders");
          assertThat(last.subset()).isEqualTo("v1");
          assertThat(last.explanation()).contains("rules.yaml:").doesNotContain("secret");
          assertThat(report.services())
              .singleElement()
              .satisfies(
                  service -> {
                    assertThat(service.name()).isEqualTo("orders.default.svc.cluster.local");
                    assertThat(service.ports()).containsExactly("*", "80");
                    assertThat(service.rules())
                        .anySatisfy(
                            rule ->
                                assertThat(rule.destinations())
                                    .anySatisfy(
                                        share -> {
                                          assertThat(share.weight()).isEqualTo(100);
                                          assertThat(share.calls()).isEqualTo(1);
                                          assertThat(share.observed()).isEqualTo(100);
                                        }));
                  });
          assertThat(report.destinations())
              .anySatisfy(
                  destination ->
                      assertThat(destination.endpoints())
                          .anyMatch(one -> one.address().equals(v1.address())));
        });
  }

  @Test
  void breaker_is_set_only_where_that_is_allowed() {
    runner.run(
        context -> {
          call(context.getBean(MeshClient.class), "/");
          MeshEndpoint endpoint = context.getBean(MeshEndpoint.class);
          String name = endpoint.report().breakers().get(0).name();
          assertThatThrownBy(() -> endpoint.set(name, "open"))
              .isInstanceOf(InvalidEndpointRequestException.class)
              .hasMessageContaining("breaker-writes");
        });
    runner
        .withPropertyValues("mesh.client.actuator.breaker-writes=true")
        .run(
            context -> {
              call(context.getBean(MeshClient.class), "/");
              MeshEndpoint endpoint = context.getBean(MeshEndpoint.class);
              String name = endpoint.report().breakers().get(0).name();
              assertThat(endpoint.set(name, "open")).containsValue("FORCED_OPEN");
              assertThat(endpoint.set(name, "reset")).containsValue("CLOSED");
              assertThatThrownBy(() -> endpoint.set(name, "explode"))
                  .hasMessageContaining("\"explode\" (expected: open, reset or disable)");
              assertThatThrownBy(() -> endpoint.set("nobody", "open"))
                  .hasMessageContaining("expected: one of");
            });
  }

  @Test
  void service_with_other_rules_on_a_port_is_told_for_each() {
    runner
        .withPropertyValues("mesh.client.config.locations=classpath:ports")
        .run(
            context ->
                assertThat(context.getBean(MeshEndpoint.class).report().services())
                    .extracting(MeshReport.Service::ports)
                    .containsExactlyInAnyOrder(List.of("*"), List.of("80")));
  }

  @Test
  void refusal_reaches_who_asked_over_http() {
    ApplicationContextRunner exposed =
        runner.withPropertyValues("management.endpoints.web.exposure.include=mesh");
    exposed.run(
        context ->
            assertThat(refusal(context, "any", "open"))
                .contains("mesh.client.actuator.breaker-writes: false"));
    exposed
        .withPropertyValues("mesh.client.actuator.breaker-writes=true")
        .run(
            context -> {
              call(context.getBean(MeshClient.class), "/");
              String name = context.getBean(MeshEndpoint.class).report().breakers().get(0).name();
              assertThat(refusal(context, name, "explode")).startsWith("action: \"explode\"");
              assertThat(refusal(context, "nobody", "open")).startsWith("breaker: \"nobody\"");
              assertThat(context.getBean(MeshWebEndpoint.class).set(name, "open").getStatus())
                  .isEqualTo(200);
            });
  }

  private static String refusal(ApplicationContext context, String breaker, String action) {
    var answer = context.getBean(MeshWebEndpoint.class).set(breaker, action);
    assertThat(answer.getStatus()).isEqualTo(400);
    return answer.getBody().get("error");
  }

  @Test
  void health_is_not_told_where_it_is_turned_off() {
    runner
        .withPropertyValues("management.health.mesh.enabled=false")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void health_is_up_whatever_remotes_do() {
    runner.run(
        context -> {
          for (int i = 0; i < 20; i++) {
            v1.answers(500, "");
          }
          for (int i = 0; i < 3; i++) {
            try {
              call(context.getBean(MeshClient.class), "/");
            } catch (IOException e) {
              assertThat(e).isNotNull(); // the breaker may be open by now
            }
          }
          var health = context.getBean(HealthIndicator.class).health();
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails()).containsEntry("mode", "none");
        });
  }

  @Test
  void health_is_down_for_own_errors_only_where_asked() {
    ApplicationContextRunner bad =
        runner.withPropertyValues("mesh.client.config.locations=classpath:bad");
    bad.run(context -> assertThat(status(context)).isEqualTo(Status.UP));
    bad.withPropertyValues("mesh.client.actuator.down-on-errors=true")
        .run(context -> assertThat(status(context)).isEqualTo(Status.DOWN));
  }

  private static Status status(ApplicationContext context) {
    return context.getBean(HealthIndicator.class).health().getStatus();
  }

  @Test
  void info_tells_the_mode_and_how_many_services_there_are() {
    runner.run(
        context -> {
          Info.Builder info = new Info.Builder();
          context.getBean(InfoContributor.class).contribute(info);
          assertThat(info.build().getDetails().get("mesh"))
              .isEqualTo(Map.of("mode", "none", "services", 1L));
        });
  }
}
