package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void ownSpan_keepsMembersThatOpenTelemetryRefuses() {
    for (ContextPropagators propagators : List.of(W3C, ContextPropagators.noop())) {
      Context context =
          received(propagators, "traceparent", TRACEPARENT, "tracestate", "b=1, 0a=2,,c@@d=3");
      Span span = tracer.spanBuilder("work").setParent(context).startSpan();
      Lines sent = sent(propagators, context.with(span));
      assertThat(sent.values("traceparent")).containsExactly(traceparent(span));
      assertThat(sent.values("tracestate")).containsExactly("b=1,0a=2,c@@d=3");
    }
  }

  @Test
  void ownSpan_writtenByOpenTelemetryAlone_keepsMembersThatItRefuses() {
    Context context = received(W3C, "traceparent", TRACEPARENT, "tracestate", "b=1,0a=2");
    Span span = tracer.spanBuilder("work").setParent(context).startSpan();
    Lines request = Lines.of();
    W3C.getTextMapPropagator().inject(context.with(span), request, Lines::add);
    assertThat(request.values("tracestate")).containsExactly("b=1,0a=2");
  }

  @ParameterizedTest(name = "{0} with {1} is {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "b=1,c=2   | x=9 | x=9,b=1,c=2",
        "b=1,0a=2  | x=9 | x=9,b=1,0a=2",
        "b=1,0a=2  | b=9 | b=9,0a=2",
        "b=1,0a=2  | 0a=9 | 0a=9,b=1",
        "b=1,0a=2  | b=  | 0a=2",
        "b=1,0a=2  | 0a= | b=1",
      })
  void tracestate_thatAnSdkChanges(String inbound, String change, String expected) {
    String[] member = change.split("=", -1);
    try (SdkTracerProvider changing = changing(member[0], member[1])) {
      Context context = received(W3C, "traceparent", TRACEPARENT, "tracestate", inbound);
      Span span = changing.get("test").spanBuilder("work").setParent(context).startSpan();
      assertThat(sent(W3C, context.with(span)).values("tracestate")).containsExactly(expected);
    }
  }

  @ParameterizedTest(name = "{0} and {1} is {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "b=1,0a=2,c=3 | none    | b=1,0a=2,c=3",
        "b=1,0a=2,c=3 | x=9     | x=9,b=1,0a=2,c=3",
        "b=1,0a=2,c=3 | b=1,c=3 | b=1,0a=2,c=3",
        "b=1,0a=2,c=3 | y=8,c=9 | y=8,c=9,b=1,0a=2",
        "b=1,c=3      | none    | none",
        "b=1,0a.b=2   | none    | none",
      })
  void tracestate_readByAnInstrumentation_isCompleted(
      String inbound, @Nullable String kept, @Nullable String expected) {
    TraceState state = kept == null ? TraceState.getDefault() : TraceMembers.of(kept);
    Context server = Context.root().with(span(TRACE, TraceFlags.getSampled(), state));
    Context context =
        InboundHeaders.create(PropagationPolicy.defaults(), W3C)
            .extract(server, Lines.of("traceparent", TRACEPARENT, "tracestate", inbound));
    assertThat(sent(W3C, context).values("tracestate"))
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest(name = "{0} in, {1} of the span, {2} out")
  @CsvSource({"03, 01, 03", "02, 01, 03", "02, 00, 02", "01, 03, 01", "00, 02, 00", "ff, 01, 03"})
  void randomTraceId_isForATraceAsItCameIn(String inbound, String ofSpan, String out) {
    Context context = received(W3C, "traceparent", TRACEPARENT.replaceAll("01$", inbound));
    Span span = span(TRACE, TraceFlags.fromHex(ofSpan, 0), TraceState.getDefault());
    assertThat(sent(W3C, context.with(span)).values("traceparent"))
        .containsExactly("00-" + TRACE + "-00000000000000bb-" + out);
  }

  @Test
  void flagsThatNobodyKnows_areNotWritten() {
    String other = "11111111111111111111111111111111";
    Context context =
        received(W3C, "traceparent", TRACEPARENT)
            .with(span(other, TraceFlags.fromHex("ff", 0), TraceState.getDefault()));
    assertThat(sent(W3C, context).values("traceparent"))
        .containsExactly("00-" + other + "-00000000000000bb-03");
  }

  @Test
  void oneTry_isStampedAsTheCallIs() {
    Context context = received(W3C, "traceparent", TRACEPARENT, "tracestate", "0a=2");
    Span span = tracer.spanBuilder("try").setParent(context).startSpan();
    Lines request = Lines.of();
    OutboundHeaders.create(PropagationPolicy.defaults(), W3C)
        .stamp(context.with(span), request, Lines::add);
    assertThat(request.text())
        .containsExactly("traceparent: " + traceparent(span), "tracestate: 0a=2");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "valid, 00-" + TRACE + "-b7ad6b7169203331-01, true",
    "flags that nobody knows, 00-" + TRACE + "-b7ad6b7169203331-fd, true",
    "a later version, cc-what-the-future-will-be-like, true",
    "version 00 with more, 00-" + TRACE + "-b7ad6b7169203331-01-more, false",
    "a trace id of zeros, 00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
    "a short span id, 00-" + TRACE + "-b7ad6b7169203-01, false",
    "version ff, ff-" + TRACE + "-b7ad6b7169203331-01, false",
    "no version, what-the-future-will-be-like, false",
    "nothing, '', false",
  })
  void withoutSpan_traceparentIsForwarded(String row, String value, boolean isForwarded) {
    Context context =
        received(ContextPropagators.noop(), "traceparent", value, "tracestate", "a=1, B=2");
    Lines sent = sent(ContextPropagators.noop(), context);
    assertThat(sent.values("traceparent")).isEqualTo(isForwarded ? List.of(value) : List.of());
    assertThat(sent.values("tracestate")).isEqualTo(isForwarded ? List.of("a=1, B=2") : List.of());
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

  /** Whose sampler changes a member, or removes it. */
  private static SdkTracerProvider changing(String key, String value) {
    Sampler sampler =
        new Sampler() {
          @Override
          public SamplingResult shouldSample(
              Context parent,
              String traceId,
              String name,
              SpanKind kind,
              Attributes attributes,
              List<LinkData> links) {
            return new SamplingResult() {
              @Override
              public SamplingDecision getDecision() {
                return SamplingDecision.RECORD_AND_SAMPLE;
              }

              @Override
              public Attributes getAttributes() {
                return Attributes.empty();
              }

              @Override
              public TraceState getUpdatedTraceState(TraceState state) {
                TraceStateBuilder builder = state.toBuilder();
                return (value.isEmpty() ? builder.remove(key) : builder.put(key, value)).build();
              }
            };
          }

          @Override
          public String getDescription() {
            return "changing";
          }
        };
    return SdkTracerProvider.builder()
        .setSampler(sampler)
        .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
        .build();
  }

  private static Span span(String traceId, TraceFlags flags, TraceState state) {
    return Span.wrap(SpanContext.create(traceId, "00000000000000bb", flags, state));
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
