package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.mesh.MeshMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What properties do, and what is said of those that are wrong. */
class PropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MeshClientAutoConfiguration.class, MeshIdentityAutoConfiguration.class))
          .withPropertyValues("mesh.client.mode=none");

  @Test
  void application_name_is_the_service_and_its_label() {
    runner
        .withPropertyValues("spring.application.name=web", "mesh.client.namespace=shop")
        .run(
            context -> {
              var workload = context.getBean(MeshClient.class).policy().workload();
              assertThat(workload.namespace()).isEqualTo("shop");
              assertThat(workload.labels()).containsEntry("app", "web");
            });
  }

  @Test
  void mode_is_taken_in_lower_case() {
    runner
        .withPropertyValues("mesh.client.mode=istio")
        .run(
            context ->
                assertThat(context.getBean(MeshClient.class).meshMode()).isEqualTo(MeshMode.ISTIO));
  }

  @Test
  void variables_of_the_library_are_its_own() {
    runner
        .withInitializer(PropertiesTest::takeForVariables)
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(MeshClient.class));
  }

  /** Under the name that Boot maps by rules of its own. */
  private static void takeForVariables(ConfigurableApplicationContext context) {
    context
        .getEnvironment()
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "MESH_CLIENT_ENDPOINTS", "orders/v1=127.0.0.1:8081",
                    "MESH_CLIENT_LABELS", "app=web,version=v1",
                    "MESH_CLIENT_HEADERS", "x-tenant",
                    "MESH_CLIENT_CONFIG", "/etc/mesh")));
  }

  @Test
  void connection_details_take_the_place_of_endpoints() {
    MeshClientConnectionDetails details = () -> Map.of("orders/v1", List.of("127.0.0.1:8081"));
    runner
        .withBean(MeshClientConnectionDetails.class, () -> details)
        .withPropertyValues("mesh.client.endpoints.[orders/v1]=nonsense")
        .run(
            context ->
                assertThat(context.getBean(MeshClient.class).policy().clusters())
                    .anyMatch(cluster -> cluster.service().startsWith("orders.")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "mesh.client.breakers[0].window-calls=0 | mesh.client.breakers[0].window-calls | : 0 (",
        "mesh.client.breakers[0].consecutive-failures=0"
            + " | mesh.client.breakers[0].consecutive-failures | : 0 (",
        "mesh.client.breakers[0].window-time=1ms | mesh.client.breakers[0].window-time | PT0.001S",
        "mesh.client.breakers[0].open-time=0s | mesh.client.breakers[0].open-time | : PT0S (",
        "mesh.client.breakers[0].slow-call=2s"
            + " | mesh.client.breakers[0].slow-call | none with consecutive failures",
        "mesh.client.breakers[0].destination=a//b | mesh.client.breakers[0].destination | a//b",
        "mesh.client.endpoints.[orders/v1]=nowhere"
            + " | mesh.client.endpoints[orders/v1] | expected: host:port",
        "mesh.client.config.locations=file:/no/such/place"
            + " | mesh.client.config.locations | /no/such/place",
        "mesh.client.config.locations=classpath:no/such/place"
            + " | mesh.client.config.locations | expected: YAML on the class path",
        "mesh.client.rate-limits[0].tokens=0 | mesh.client.rate-limits[0].tokens | : 0 (",
        "mesh.client.bulkheads[0].max-concurrent=0"
            + " | mesh.client.bulkheads[0].max-concurrent | : 0 (",
        "mesh.client.retry-budget.per-second=-1 | mesh.client.retry-budget.per-second | : -1.0 (",
        "mesh.client.identity.mutual-tls=* | mesh.client.identity.mutual-tls | pem-directory",
        "mesh.client.locality=a/b/c/d | mesh.client.locality | a/b/c/d"
      })
  void wrong_property_is_named_with_its_value(String property, String name, String says) {
    runner
        .withPropertyValues(property)
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription()).contains(name, says);
              assertThat(analysis.getAction()).contains(name);
            });
  }

  @Test
  void small_window_needs_no_more_calls_than_it_has() {
    String small = "mesh.client.breakers[0].window-calls=10";
    runner.withPropertyValues(small).run(context -> assertThat(context).hasNotFailed());
    runner
        .withPropertyValues(small, "mesh.client.breakers[0].minimum-calls=30")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .isEqualTo("mesh.client.breakers[0].minimum-calls: 30 (expected: 1..10)"));
  }

  @Test
  void wrong_mode_is_named_with_those_there_are() {
    runner
        .withPropertyValues("mesh.client.mode=isto")
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription()).contains("mesh.client.mode", "\"isto\"");
              for (MeshMode mode : MeshMode.values()) {
                assertThat(analysis.getAction()).contains(mode.name());
              }
              assertThat(analysis.getAction()).contains("AUTO");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"istio", "Istio", "ISTIO"})
  void mode_is_taken_as_boot_takes_words(String word) {
    runner
        .withPropertyValues("mesh.client.mode=" + word)
        .run(
            context ->
                assertThat(context.getBean(MeshClient.class).ownership().mode())
                    .isEqualTo(MeshMode.ISTIO));
  }

  @Test
  void bad_yaml_ends_a_strict_start_with_file_and_line(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("bad.yaml"),
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: orders
        spec:
          hosts: [orders]
          http:
            - timeout: soon
        """);
    String location = "mesh.client.config.locations=file:" + directory;
    runner
        .withPropertyValues(location, "mesh.client.config.fail-on-error=true")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("bad.yaml:8", "http[0].timeout", "soon"));
    runner.withPropertyValues(location).run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void rule_with_an_unknown_subset_ends_a_strict_start_with_file_and_line(@TempDir Path directory)
      throws Exception {
    Files.writeString(
        directory.resolve("orders.yaml"),
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
            - route:
                - destination:
                    host: orders
                    subset: v9
        """);
    String[] properties = {
      "mesh.client.config.locations=file:" + directory,
      "mesh.client.endpoints.[orders/v1]=127.0.0.1:8081"
    };
    runner
        .withPropertyValues(properties)
        .withPropertyValues("mesh.client.config.fail-on-error=true")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("MESH0204", "orders.yaml:", "http[0].route[0]", "\"v9\""));
    runner.withPropertyValues(properties).run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void unknown_subset_ends_a_strict_start() {
    String[] breaker = {
      "mesh.client.breakers[0].destination=orders/v9", "mesh.client.breakers[0].probes=1"
    };
    runner
        .withPropertyValues(breaker)
        .withPropertyValues("mesh.client.config.fail-on-error=true")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("mesh.client.breakers[0].destination", "orders/v9", "subset"));
    runner.withPropertyValues(breaker).run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void missing_identity_is_named(@TempDir Path empty) {
    runner
        .withPropertyValues(
            "mesh.client.identity.pem-directory=" + empty, "mesh.client.identity.await=1ms")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .isEqualTo(
                        "mesh.client.identity.pem-directory="
                            + empty
                            + ": no identity within 1 ms (expected: one): "
                            + empty.resolve("key.pem")
                            + ": no such file"));
  }

  /** As Boot does it. */
  private static FailureAnalysis analyze(Throwable failure) {
    for (FailureAnalyzer analyzer :
        SpringFactoriesLoader.forDefaultResourceLocation()
            .load(
                FailureAnalyzer.class,
                SpringFactoriesLoader.FailureHandler.logging(
                    org.apache.commons.logging.LogFactory.getLog(PropertiesTest.class)))) {
      String name = analyzer.getClass().getName();
      if (name.startsWith("io.meshclient") || name.endsWith(".BindFailureAnalyzer")) {
        FailureAnalysis analysis = analyzer.analyze(failure);
        if (analysis != null) {
          return analysis;
        }
      }
    }
    throw new AssertionError("no analysis", failure);
  }
}
