package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracePropagationTest {
  private static final String TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
  private static final String SPAN = "e457b5a2e4d86bd1";
  private static final Context LOCAL =
      Context.root()
          .with(
              Span.wrap(
                  SpanContext.create(
                      TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault())));

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sampled, " + TRACE + "-" + SPAN + "-1, true",
    "debug, " + TRACE + "-" + SPAN + "-d, true",
    "not sampled, " + TRACE + "-" + SPAN + "-0, false",
    "no decision, " + TRACE + "-" + SPAN + ", false",
    "with a parent, " + TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90, true",
  })
  void b3_inOneHeader_isRead(String row, String value, boolean sampled) {
    SpanContext span = read(TracePropagation.of(TraceFormat.B3), Lines.of("B3", value));
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getSpanId()).isEqualTo(SPAN);
    assertThat(span.isSampled()).isEqualTo(sampled);
    assertThat(span.isRemote()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a decision alone, 0",
    "empty, ''",
    "no span, " + TRACE,
    "an id too short, abc-" + SPAN + "-1",
    "zeros, 00000000000000000000000000000000-" + SPAN + "-1",
    "other characters, 80f198ee56343ba864fe8b2a57d3effz-" + SPAN + "-1",
  })
  void b3_inOneHeader_malformed_isNoSpan(String row, String value) {
    assertThat(read(TracePropagation.of(TraceFormat.B3), Lines.of("b3", value)).isValid())
        .isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sampled, x-b3-sampled, 1, true",
    "sampled in words, X-B3-Sampled, true, true",
    "debug, X-B3-Flags, 1, true",
    "not sampled, x-b3-sampled, 0, false",
    "no decision, x-other, 1, false",
  })
  void b3_inSeveralHeaders_isRead(String row, String name, String value, boolean sampled) {
    Lines headers = Lines.of("X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, name, value);
    SpanContext span = read(TracePropagation.of(TraceFormat.B3_MULTI), headers);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.isSampled()).isEqualTo(sampled);
  }

  @Test
  void b3_idOf64Bits_isFilledUp() {
    SpanContext span =
        read(TracePropagation.of(TraceFormat.B3), Lines.of("b3", SPAN + "-" + SPAN + "-1"));
    assertThat(span.getTraceId()).isEqualTo("0000000000000000" + SPAN);
  }

  @Test
  void read_severalFormats_takesTheFirstInOrder() {
    Lines both =
        Lines.of(
            "traceparent",
            "00-11111111111111111111111111111111-2222222222222222-01",
            "b3",
            TRACE + "-" + SPAN + "-1");
    assertThat(read(TracePropagation.of(TraceFormat.B3, TraceFormat.W3C), both).getTraceId())
        .isEqualTo(TRACE);
    assertThat(read(TracePropagation.of(TraceFormat.W3C, TraceFormat.B3), both).getTraceId())
        .isEqualTo("11111111111111111111111111111111");
  }

  @Test
  void write_severalFormats() {
    Lines out =
        write(
            TracePropagation.of(
                List.of(TraceFormat.W3C), List.of(TraceFormat.W3C, TraceFormat.B3_MULTI)));
    assertThat(out.text())
        .containsExactly(
            "traceparent: 00-" + TRACE + "-" + SPAN + "-01",
            "x-b3-traceid: " + TRACE,
            "x-b3-spanid: " + SPAN,
            "x-b3-sampled: 1");
  }

  @Test
  void write_oneFormat() {
    assertThat(write(TracePropagation.of(TraceFormat.B3)).text())
        .containsExactly("b3: " + TRACE + "-" + SPAN + "-1");
  }

  @Test
  void fromEnvironment_namesFormats() {
    ContextPropagators found =
        TracePropagation.fromEnvironment(Map.of("OTEL_PROPAGATORS", "b3multi, baggage"));
    assertThat(found).isNotNull();
    assertThat(found.getTextMapPropagator().fields())
        .containsExactly("x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "baggage");
    assertThat(TracePropagation.fromEnvironment(Map.of("OTEL_PROPAGATORS", "none"))).isNull();
    assertThat(TracePropagation.fromEnvironment(Map.of()).getTextMapPropagator().fields())
        .containsExactly("traceparent", "tracestate", "baggage");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "names formats, 'b3,baggage', 'b3,baggage'",
    "says nothing, '', ''",
    "says none, none, ''",
    "names one that an agent may know, 'b3,xray', ''",
  })
  void environment_whereNobodyConfiguredAny(String row, String named, String fields) {
    ContextPropagators found =
        TracePropagation.of(OpenTelemetry.noop(), Map.of("OTEL_PROPAGATORS", named));
    assertThat(String.join(",", found.getTextMapPropagator().fields())).isEqualTo(fields);
  }

  @Test
  void environment_doesNotOverrideWhatIsConfigured() {
    OpenTelemetry configured = OpenTelemetry.propagating(TracePropagation.of(TraceFormat.W3C));
    assertThat(TracePropagation.of(configured, Map.of("OTEL_PROPAGATORS", "b3")))
        .isSameAs(configured.getPropagators());
  }

  @Test
  void fromEnvironment_anotherName_isSaid() {
    assertThatThrownBy(() -> TracePropagation.fromEnvironment(Map.of("OTEL_PROPAGATORS", "jaeger")))
        .hasMessage(
            "OTEL_PROPAGATORS: \"jaeger\" (expected: tracecontext, baggage, b3, b3multi, none)");
  }

  private static SpanContext read(ContextPropagators propagators, Lines headers) {
    InboundHeaders inbound = InboundHeaders.create(PropagationPolicy.defaults(), propagators);
    return Span.fromContext(inbound.extract(Context.root(), headers)).getSpanContext();
  }

  private static Lines write(ContextPropagators propagators) {
    Lines out = Lines.of();
    OutboundHeaders.create(PropagationPolicy.builder().deny("x-request-id").build(), propagators)
        .apply(LOCAL, "order-service", out, Lines::has, Lines::add);
    return out;
  }
}
