package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.server.MeshServerAutoConfiguration;
import io.meshclient.telemetry.MeshTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** {@code mesh.client.telemetry.*}. */
class TelemetryTest {
  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MeshClientAutoConfiguration.class, MeshServerAutoConfiguration.class))
          .withPropertyValues("mesh.client.mode=none");

  /** One for each context, which closes it. */
  private static OpenTelemetry own() {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
                .build())
        .build();
  }

  private static boolean traces(MeshClient mesh) {
    return mesh.telemetry().traces();
  }

  @Test
  void nothing_is_set_up_by_default() {
    runner.run(
        context -> {
          assertThat(context).hasNotFailed().doesNotHaveBean(MeshTelemetry.class);
          assertThat(traces(context.getBean(MeshClient.class))).isFalse();
        });
  }

  @Test
  void applications_own_bean_is_used_and_none_set_up_beside_it() {
    runner
        .withBean(OpenTelemetry.class, TelemetryTest::own)
        .withPropertyValues("mesh.client.telemetry.enabled=true")
        .run(
            context -> {
              assertThat(context).hasNotFailed().doesNotHaveBean(MeshTelemetry.class);
              assertThat(traces(context.getBean(MeshClient.class))).isTrue();
            });
  }

  @Test
  void true_sets_one_up_where_there_is_none() {
    runner
        .withPropertyValues("mesh.client.telemetry.enabled=true", "mesh.client.service=web")
        .run(
            context -> {
              assertThat(context)
                  .hasNotFailed()
                  .hasSingleBean(MeshTelemetry.class)
                  .hasSingleBean(ServerPipeline.class);
              assertThat(traces(context.getBean(MeshClient.class))).isTrue();
            });
  }

  @Test
  void true_sets_one_up_beside_boots_that_keeps_no_spans() {
    runner
        .withConfiguration(AutoConfigurations.of(OpenTelemetryAutoConfiguration.class))
        .withPropertyValues("mesh.client.telemetry.enabled=true")
        .run(
            context -> {
              assertThat(context)
                  .hasNotFailed()
                  .hasSingleBean(OpenTelemetry.class)
                  .hasSingleBean(MeshTelemetry.class);
              assertThat(traces(context.getBean(MeshClient.class))).isTrue();
            });
  }

  @Test
  void true_sets_none_up_beside_boots_that_keeps_spans() {
    runner
        .withConfiguration(AutoConfigurations.of(OpenTelemetryAutoConfiguration.class))
        .withBean(
            SdkTracerProvider.class,
            () ->
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
                    .build())
        .withPropertyValues("mesh.client.telemetry.enabled=true")
        .run(
            context -> {
              assertThat(context).hasNotFailed().doesNotHaveBean(MeshTelemetry.class);
              assertThat(traces(context.getBean(MeshClient.class))).isTrue();
            });
  }

  @Test
  void true_without_the_sdk_changes_nothing() {
    runner
        .withClassLoader(new FilteredClassLoader("io.opentelemetry.sdk.autoconfigure"))
        .withPropertyValues("mesh.client.telemetry.enabled=true")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MeshTelemetry.class));
  }

  @Test
  void false_records_nothing_whatever_beans_there_are() {
    runner
        .withBean(OpenTelemetry.class, TelemetryTest::own)
        .withPropertyValues("mesh.client.telemetry.enabled=false")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(traces(context.getBean(MeshClient.class))).isFalse();
            });
  }
}
