package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateSpansTest {
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private long now;

  @Test
  void error_hasItsPartOfTheTraceReported() {
    Tracer tracer = tracer(true, null, 10);
    Span root = tracer.spanBuilder("in").setSpanKind(SpanKind.SERVER).startSpan();
    Span child = tracer.spanBuilder("out").setParent(Context.root().with(root)).startSpan();
    child.setStatus(StatusCode.ERROR);
    child.end();
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    root.end();
    List<SpanData> reported = exporter.getFinishedSpanItems();
    assertThat(reported).extracting(SpanData::getName).containsExactly("out", "in");
    assertThat(reported).allMatch(span -> span.getSpanContext().isSampled());
    assertThat(reported.get(0).getParentSpanId()).isEqualTo(reported.get(1).getSpanId());
  }

  @Test
  void success_isDropped() {
    tracer(true, null, 10).spanBuilder("in").startSpan().end();
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void slow_isReported() {
    Tracer tracer = tracer(false, Duration.ofSeconds(1), 10);
    tracer
        .spanBuilder("quick")
        .setStartTimestamp(1_000_000_000, TimeUnit.NANOSECONDS)
        .startSpan()
        .end(1_900_000_000, TimeUnit.NANOSECONDS);
    tracer
        .spanBuilder("slow")
        .setStartTimestamp(1_000_000_000, TimeUnit.NANOSECONDS)
        .startSpan()
        .end(2_100_000_000, TimeUnit.NANOSECONDS);
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("slow");
  }

  @Test
  void errors_areCapped() {
    Tracer tracer = tracer(true, null, 5);
    fail(tracer, 100);
    assertThat(exporter.getFinishedSpanItems()).hasSize(5);
    now += TimeUnit.SECONDS.toNanos(1);
    fail(tracer, 100);
    assertThat(exporter.getFinishedSpanItems()).hasSize(10);
    now += TimeUnit.MILLISECONDS.toNanos(400);
    fail(tracer, 100);
    assertThat(exporter.getFinishedSpanItems()).hasSize(12);
  }

  private static void fail(Tracer tracer, int times) {
    for (int i = 0; i < times; i++) {
      Span span = tracer.spanBuilder("in").startSpan();
      span.setStatus(StatusCode.ERROR);
      span.end();
    }
  }

  private Tracer tracer(boolean errors, Duration slow, int perSecond) {
    SamplingRules rules =
        new SamplingRules(List.of(), errors, slow, new RateCap(perSecond, () -> now));
    return SdkTracerProvider.builder()
        .setSampler(new MeshSampler(Sampler.alwaysOff(), rules))
        .addSpanProcessor(new LateSpans(SimpleSpanProcessor.create(exporter), rules))
        .build()
        .get("test");
  }
}
