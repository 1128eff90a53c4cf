package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundTraceTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String B3 = TRACE + "-b7ad6b7169203331-1";

  private static final ContextPropagators W3C =
      ContextPropagators.create(
          TextMapPropagator.composite(
              W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance()));
  private static final ContextPropagators ONLY_TRACECONTEXT =
      ContextPropagators.create(W3CTraceContextPropagator.getInstance());
  private static final ContextPropagators W3C_AND_B3 =
      ContextPropagators.create(
          TextMapPropagator.composite(
              W3CTraceContextPropagator.getInstance(), new B3SinglePropagator()));

  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
          .build();
  private final Tracer tracer = provider.get("test");

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void withoutSpan_inboundTraceHeadersGoOnUnchanged() {
    String later = "01-" + TRACE + "-b7ad6b7169203331-01-later";
    Context context =
        received(
            ContextPropagators.noop(),
            "traceparent",
            later,
            "tracestate",
            "a=1",
            "X-B3-TraceId",
            TRACE,
            "sw8",
            "s",
            "baggage",
            "k=v;p=q, l = w%20");
    Lines sent = sent(ContextPropagators.noop(), context);
    assertThat(sent.text())
        .contains(
            "traceparent: " + later,
            "tracestate: a=1",
            "x-b3-traceid: " + TRACE,
            "sw8: s",
            "baggage: k=v;p=q, l = w%20")
        .hasSize(6);
  }

  @Test
  void ownSpan_replacesTheInboundTraceHeaders() {
    Context context = received(W3C, "traceparent", TRACEPARENT, "tracestate", "a=1");
    Span span = tracer.spanBuilder("work").setParent(context).startSpan();
    Lines sent = sent(W3C, context.with(span));
    assertThat(sent.values("traceparent")).containsExactly(traceparent(span));
    assertThat(sent.values("traceparent").get(0)).contains(TRACE).isNotEqualTo(TRACEPARENT);
    assertThat(sent.values("tracestate")).containsExactly("a=1");
  }

  @Test
  void ownSpanOfAnotherTrace_takesNoTracestateAlong() {
    Context context = received(W3C, "traceparent", TRACEPARENT, "tracestate", "a=1");
    Span span = tracer.spanBuilder("work").setNoParent().startSpan();
    Lines sent = sent(W3C, context.with(span));
    assertThat(sent.values("traceparent")).containsExactly(traceparent(span));
    assertThat(sent.has("tracestate")).isFalse();
  }

  @Test
  void ownSpan_withoutConfiguredPropagators_isWrittenAsW3c() {
    Span span = tracer.spanBuilder("work").startSpan();
    Lines sent = sent(ContextPropagators.noop(), Context.root().with(span));
    assertThat(sent.values("traceparent")).containsExactly(traceparent(span));
  }

  @Test
  void ownSpan_formatsThatThePropagatorDoesNotWriteGoOn() {
    Context context = received(W3C, "b3", B3, "x-datadog-trace-id", "7");
    Span span = tracer.spanBuilder("work").startSpan();
    Lines sent = sent(W3C, context.with(span));
    assertThat(sent.values("traceparent")).containsExactly(traceparent(span));
    assertThat(sent.values("b3")).containsExactly(B3);
    assertThat(sent.values("x-datadog-trace-id")).containsExactly("7");
  }

  @Test
  void ownSpan_writtenAsOneB3Header_replacesTheOthersOfB3() {
    Context context =
        received(W3C_AND_B3, "x-b3-traceid", TRACE, "x-b3-spanid", "b7ad6b7169203331");
    Span span = tracer.spanBuilder("work").startSpan();
    Lines sent = sent(W3C_AND_B3, context.with(span));
    assertThat(sent.values("b3"))
        .singleElement()
        .asString()
        .contains(span.getSpanContext().getSpanId());
    assertThat(sent.has("x-b3-traceid")).isFalse();
    assertThat(sent.has("x-b3-spanid")).isFalse();
  }

  @Test
  void requestThatIsInstrumentedAlready_isNotDoubled() {
    Context context =
        received(W3C_AND_B3, "traceparent", TRACEPARENT, "tracestate", "a=1", "b3", B3);
    Span span = tracer.spanBuilder("work").setParent(context).startSpan();
    String theirs = "00-" + TRACE + "-00000000000000aa-01";
    Lines request = Lines.of("Traceparent", theirs);
    apply(W3C_AND_B3, context.with(span), request);
    assertThat(request.values("traceparent")).containsExactly(theirs);
    assertThat(request.has("tracestate")).isFalse();
    assertThat(request.has("b3")).isFalse();
  }

  @Test
  void requestThatIsInstrumentedAlready_withoutSpan_getsNoStaleTracestate() {
    Context context = received(W3C, "traceparent", TRACEPARENT, "tracestate", "a=1");
    Lines request = Lines.of("traceparent", "00-" + TRACE + "-00000000000000aa-01");
    apply(W3C, context, request);
    assertThat(request.has("tracestate")).isFalse();
    assertThat(request.values("traceparent")).hasSize(1);
  }

  @Test
  void remoteSpan_isWrittenInTheFormatsThatDidNotComeIn() {
    Context context = received(W3C_AND_B3, "b3", B3);
    Lines sent = sent(W3C_AND_B3, context);
    assertThat(sent.values("b3")).containsExactly(B3);
    assertThat(sent.values("traceparent")).containsExactly(TRACEPARENT);
  }

  @Test
  void remoteSpanFromElsewhere_isInjected() {
    Context received = received(W3C, "traceparent", TRACEPARENT);
    String other = "00-11111111111111111111111111111111-2222222222222222-01";
    Context message =
        W3CTraceContextPropagator.getInstance()
            .extract(
                received,
                Lines.of("traceparent", other),
                new InboundTextMapGetter(PropagationPolicy.defaults()));
    assertThat(sent(W3C, message).values("traceparent")).containsExactly(other);
  }

  @Test
  void forcedSampling_setByTheApplication_doesNotHideTheSpan() {
    Span span = tracer.spanBuilder("work").startSpan();
    Lines request = Lines.of("x-b3-sampled", "1");
    apply(W3C, Context.root().with(span), request);
    assertThat(request.values("traceparent")).containsExactly(traceparent(span));
  }

  @Test
  void baggageOfTheContext_winsOverTheInboundHeader() {
    Context context = received(W3C, "baggage", "k=old");
    Baggage baggage = Baggage.fromContext(context).toBuilder().put("k", "new").build();
    assertThat(sent(W3C, context.with(baggage)).values("baggage")).containsExactly("k=new");
  }

  @Test
  void baggageThatCameIn_isNotWrittenAnew() {
    Context context = received(W3C, "baggage", "k=v;p=q, l = w%20");
    Span span = tracer.spanBuilder("work").setParent(context).startSpan();
    Lines sent = sent(W3C, context.with(span));
    assertThat(sent.values("baggage")).containsExactly("k=v;p=q, l = w%20");
    assertThat(sent.values("traceparent")).containsExactly(traceparent(span));
  }

  @Test
  void baggageOfTheContext_withoutSpan_isWritten() {
    Context context = Context.root().with(Baggage.builder().put("k", "v").build());
    assertThat(sent(W3C, context).values("baggage")).containsExactly("k=v");
    assertThat(sent(W3C, context).has("traceparent")).isFalse();
  }

  @Test
  void baggageSetByTheApplication_isLeftAlone() {
    Context context = Context.root().with(Baggage.builder().put("k", "v").build());
    Lines request = Lines.of("Baggage", "mine=1");
    apply(W3C, context, request);
    assertThat(request.values("baggage")).containsExactly("mine=1");
  }

  @Test
  void inboundBaggage_wherePropagatorDoesNotWriteIt_goesOn() {
    Context context =
        received(ONLY_TRACECONTEXT, "baggage", "k=old")
            .with(Baggage.builder().put("k", "new").build());
    assertThat(sent(ONLY_TRACECONTEXT, context).values("baggage")).containsExactly("k=old");
  }

  @Test
  void instrumentedRequest_stillGetsTheBaggage() {
    Context context = Context.root().with(Baggage.builder().put("k", "v").build());
    Lines request = Lines.of("traceparent", TRACEPARENT);
    apply(W3C, context, request);
    assertThat(request.values("baggage")).containsExactly("k=v");
  }

  private static String traceparent(Span span) {
    return "00-"
        + span.getSpanContext().getTraceId()
        + "-"
        + span.getSpanContext().getSpanId()
        + "-"
        + span.getSpanContext().getTraceFlags().asHex();
  }

  private static Context received(ContextPropagators propagators, String... headers) {
    return InboundHeaders.create(PropagationPolicy.defaults(), propagators)
        .extract(Context.root(), Lines.of(headers));
  }

  private static Lines sent(ContextPropagators propagators, Context context) {
    Lines request = Lines.of();
    apply(propagators, context, request);
    List<String> names = request.lines().stream().map(line -> line[0]).toList();
    assertThat(names).doesNotHaveDuplicates();
    return request;
  }

  private static void apply(ContextPropagators propagators, Context context, Lines request) {
    OutboundHeaders.create(PropagationPolicy.defaults(), propagators)
        .apply(context, "order-service", request, Lines::has, Lines::add);
  }
}
