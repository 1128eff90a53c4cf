package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
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
import java.util.ArrayList;
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

  @Test
  void childThatEndsLate_goesTheWayOfItsRoot() {
    Tracer tracer = tracer(true, null, 10);
    Span dropped = tracer.spanBuilder("in").startSpan();
    Span lateOfDropped = child(tracer, "late", dropped);
    dropped.end();
    failed(lateOfDropped);
    failed(child(tracer, "begun late", dropped));
    assertThat(exporter.getFinishedSpanItems()).isEmpty();

    Span wanted = tracer.spanBuilder("in").startSpan();
    Span lateOfWanted = child(tracer, "late", wanted);
    failed(wanted);
    lateOfWanted.end();
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("in", "late");
  }

  @Test
  void errors_areReported_afterThousandsOfLateChildren() {
    Tracer tracer = tracer(true, null, 10);
    for (int i = 0; i < 3 * HeldTraces.MOST_TRACES; i++) {
      Span root = tracer.spanBuilder("in").startSpan();
      Span child = child(tracer, "late", root);
      root.end();
      child.end();
    }
    failedChildOfGoodRoot(tracer);
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("out", "in");
  }

  @Test
  void errors_areReported_onceRootsThatNeverEndAreOld() {
    Tracer tracer = tracer(true, null, 10);
    List<Span> open = new ArrayList<>();
    for (int i = 0; i < HeldTraces.MOST_TRACES; i++) {
      open.add(tracer.spanBuilder("in").startSpan());
      child(tracer, "out", open.get(i)).end();
    }
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    now += HeldTraces.OPEN_NANOS + 1;
    failedChildOfGoodRoot(tracer);
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("out", "in");
    failed(open.get(0)); // what it held is gone, it is not
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("out", "in", "in");
  }

  @Test
  void whatFindsNoRoom_isDecidedByItself() {
    Tracer tracer = tracer(true, null, 10);
    for (int i = 0; i < HeldTraces.MOST_TRACES; i++) {
      tracer.spanBuilder("in").startSpan();
    }
    failedChildOfGoodRoot(tracer);
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("out");
  }

  /** A service that calls itself has two spans in a trace whose parents are not in the process. */
  @Test
  void innerRootOfTheSameTrace_leavesTheOuterOnesSpansToIt() {
    Tracer tracer = tracer(true, null, 10);
    Span outer = tracer.spanBuilder("outer").setSpanKind(SpanKind.SERVER).startSpan();
    failed(child(tracer, "first try", outer));
    Span call = child(tracer, "second try", outer);
    SpanContext sent = call.getSpanContext();
    SpanContext received =
        SpanContext.createFromRemoteParent(
            sent.getTraceId(), sent.getSpanId(), sent.getTraceFlags(), sent.getTraceState());
    tracer.spanBuilder("other").startSpan().end();
    Span inner =
        tracer
            .spanBuilder("inner")
            .setParent(Context.root().with(Span.wrap(received)))
            .setSpanKind(SpanKind.SERVER)
            .startSpan();
    failed(inner);
    call.end();
    outer.end();
    assertThat(exporter.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("first try", "inner", "second try", "outer");
  }

  @Test
  void traces_thatAreOver_areForgotten() {
    HeldTraces held = new HeldTraces(() -> now);
    held.begin("a");
    held.end("a", false);
    now += HeldTraces.OVER_NANOS;
    held.begin("b");
    assertThat(held.size()).isEqualTo(2);
    now += TimeUnit.SECONDS.toNanos(1);
    held.begin("c");
    assertThat(held.get("a")).isNull();
    assertThat(held.size()).isEqualTo(2);
  }

  private static Span child(Tracer tracer, String name, Span parent) {
    return tracer.spanBuilder(name).setParent(Context.root().with(parent)).startSpan();
  }

  private static void failedChildOfGoodRoot(Tracer tracer) {
    Span root = tracer.spanBuilder("in").startSpan();
    failed(child(tracer, "out", root));
    root.end();
  }

  private static void failed(Span span) {
    span.setStatus(StatusCode.ERROR);
    span.end();
  }

  private static void fail(Tracer tracer, int times) {
    for (int i = 0; i < times; i++) {
      failed(tracer.spanBuilder("in").startSpan());
    }
  }

  private Tracer tracer(boolean errors, Duration slow, int perSecond) {
    SamplingRules rules =
        new SamplingRules(List.of(), errors, slow, new RateCap(perSecond, () -> now));
    return SdkTracerProvider.builder()
        .setSampler(new MeshSampler(Sampler.alwaysOff(), rules))
        .addSpanProcessor(new LateSpans(SimpleSpanProcessor.create(exporter), rules, () -> now))
        .build()
        .get("test");
  }
}
