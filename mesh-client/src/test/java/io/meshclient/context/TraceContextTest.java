package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What W3C Trace Context, level 2, asks of whoever reads its headers. */
class TraceContextTest {
  private static final String TRACE = "12345678901234567890123456789012";
  private static final String IDS = TRACE + "-1234567890123456";
  private static final String PARENT = "00-" + IDS + "-01";

  private final InboundHeaders inbound =
      InboundHeaders.create(PropagationPolicy.defaults(), ContextPropagators.noop());

  /** By the propagator that applications have. */
  private final InboundHeaders byOpenTelemetry =
      InboundHeaders.create(
          PropagationPolicy.defaults(),
          ContextPropagators.create(W3CTraceContextPropagator.getInstance()));

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "as it is, traceparent, '00-" + IDS + "-01'",
    "name in mixed case, TrAcEpArEnT, '00-" + IDS + "-01'",
    "name in upper case, TRACEPARENT, '00-" + IDS + "-01'",
    "a later version, traceparent, 'cc-" + IDS + "-01'",
    "a later version with more, traceparent, 'cc-" + IDS + "-01-what-the-future-will-be-like'",
    "a space before, traceparent, ' 00-" + IDS + "-01'",
    "a tab before, traceparent, '\t00-" + IDS + "-01'",
    "a space behind, traceparent, '00-" + IDS + "-01 '",
    "tabs and spaces, traceparent, '\t 00-" + IDS + "-01 \t'",
  })
  void traceparent_valid_goesOn(String row, String name, String value) {
    assertThat(span(Lines.of(name, value)).getTraceId()).isEqualTo(TRACE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another name, trace-parent, '00-" + IDS + "-01'",
    "another name with a dot, trace.parent, '00-" + IDS + "-01'",
    "more behind version 00, traceparent, '00-" + IDS + "-01.'",
    "fields behind version 00, traceparent, '00-" + IDS + "-01-what-the-future-will-be-like'",
    "a later version without a dash, traceparent, 'cc-" + IDS + "-01.what-will-be'",
    "version ff, traceparent, 'ff-" + IDS + "-01'",
    "version .0, traceparent, '.0-" + IDS + "-01'",
    "version 0., traceparent, '0.-" + IDS + "-01'",
    "version of three digits, traceparent, '000-" + IDS + "-01'",
    "version of four digits, traceparent, '0000-" + IDS + "-01'",
    "version of one digit, traceparent, '0-" + IDS + "-01'",
    "trace id of zeros, traceparent, 00-00000000000000000000000000000000-1234567890123456-01",
    "trace id with a dot first, traceparent, 00-.2345678901234567890123456789012-1234567890123456-01",
    "trace id with a dot last, traceparent, 00-1234567890123456789012345678901.-1234567890123456-01",
    "trace id too long, traceparent, 00-123456789012345678901234567890123-1234567890123456-01",
    "trace id too short, traceparent, 00-1234567890123456789012345678901-1234567890123456-01",
    "trace id in upper case, traceparent, 00-ABCDEF78901234567890123456789012-1234567890123456-01",
    "span id of zeros, traceparent, '00-" + TRACE + "-0000000000000000-01'",
    "span id with a dot first, traceparent, '00-" + TRACE + "-.234567890123456-01'",
    "span id with a dot last, traceparent, '00-" + TRACE + "-123456789012345.-01'",
    "span id too long, traceparent, '00-" + TRACE + "-12345678901234567-01'",
    "span id too short, traceparent, '00-" + TRACE + "-123456789012345-01'",
    "flags .0, traceparent, '00-" + IDS + "-.0'",
    "flags 0., traceparent, '00-" + IDS + "-0.'",
    "flags too long, traceparent, '00-" + IDS + "-001'",
    "flags too short, traceparent, '00-" + IDS + "-1'",
    "empty, traceparent, ''",
  })
  void traceparent_malformed_beginsANewTrace(String row, String name, String value) {
    assertThat(span(Lines.of(name, value, "tracestate", "foo=1")).isValid()).isFalse();
  }

  @Test
  void traceparent_twice_beginsANewTrace() {
    assertThat(span(Lines.of("traceparent", PARENT, "traceparent", PARENT)).isValid()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "none, 00, false, false",
    "sampled, 01, true, false",
    "random trace id, 02, false, true",
    "both, 03, true, true",
    "those that nobody knows are not kept, ff, true, true",
  })
  void flags_ofLevel2(String row, String flags, boolean sampled, boolean random) {
    SpanContext span = span(Lines.of("traceparent", "00-" + IDS + "-" + flags));
    assertThat(span.isSampled()).isEqualTo(sampled);
    assertThat(span.getTraceFlags().isTraceIdRandom()).isEqualTo(random);
    assertThat(span.getTraceFlags().asByte()).isLessThan((byte) 4);
  }

  static Stream<Arguments> goodStates() {
    String key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";
    String value =
        IntStream.rangeClosed(' ', '~')
            .filter(c -> c != ',' && c != '=')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    return Stream.of(
        arguments("one line", lines("foo=1,bar=2"), "foo=1,bar=2"),
        arguments(
            "several lines in their order",
            lines("foo=1,bar=2", "rojo=1,congo=2", "baz=3"),
            "foo=1,bar=2,rojo=1,congo=2,baz=3"),
        arguments("an empty line", lines(""), ""),
        arguments("an empty line behind", lines("foo=1", ""), "foo=1"),
        arguments("an empty line before", lines("", "foo=1"), "foo=1"),
        arguments("all characters of a key", lines(key + "=1"), key + "=1"),
        arguments("all characters of a value", lines("foo=" + value), "foo=" + value),
        arguments(
            "a key with tenant and system",
            lines(key + "@a-z0-9_-*/=" + value),
            key + "@a-z0-9_-*/=" + value),
        arguments("white space", lines("foo=1 \t , \t bar=2, \t baz=3"), "foo=1,bar=2,baz=3"),
        arguments("white space around", lines("\t foo=1 \t"), "foo=1"),
        arguments("a key twice: the first holds", lines("foo=1,foo=2,bar=3"), "foo=1,bar=3"),
        arguments("a key on two lines", lines("foo=1", "foo=2"), "foo=1"),
        arguments("32 members", lines(members(1, 20), members(21, 32)), members(1, 32)),
        arguments(
            "a key of 256 characters",
            lines("foo=1", "z".repeat(256) + "=1"),
            "foo=1," + "z".repeat(256) + "=1"),
        arguments(
            "256 characters, with an at sign",
            lines("foo=1", "t".repeat(241) + "@" + "v".repeat(14) + "=1"),
            "foo=1," + "t".repeat(241) + "@" + "v".repeat(14) + "=1"),
        arguments(
            "242 characters before an at sign",
            lines("foo=1", "t".repeat(242) + "@v=1"),
            "foo=1," + "t".repeat(242) + "@v=1"),
        arguments(
            "15 characters behind an at sign",
            lines("foo=1", "t@" + "v".repeat(15) + "=1"),
            "foo=1,t@" + "v".repeat(15) + "=1"),
        arguments("an at sign last", lines("foo@=1,bar=2"), "foo@=1,bar=2"),
        arguments("two at signs", lines("foo@@bar=1,bar=2"), "foo@@bar=1,bar=2"),
        arguments("two at signs apart", lines("foo@bar@baz=1,bar=2"), "foo@bar@baz=1,bar=2"),
        arguments("a digit first", lines("foo=1,0a=2", "7=3"), "foo=1,0a=2,7=3"),
        arguments("a value that begins with spaces", lines("0a=  b c "), "0a=  b c"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodStates")
  void tracestate_valid_goesOn(String row, List<String> lines, String expected) {
    assertThat(state(lines)).isEqualTo(expected);
  }

  static Stream<Arguments> badStates() {
    return Stream.of(
        arguments("a space in a key", lines("foo =1,bar=2")),
        arguments("a key in upper case", lines("FOO=1,bar=2")),
        arguments("a dot in a key", lines("foo.bar=1,bar=2")),
        arguments("an at sign first", lines("@foo=1,bar=2")),
        arguments("a dash first", lines("-foo=1,bar=2")),
        arguments("no key", lines("=1,bar=2")),
        arguments("33 members", lines(members(1, 20), members(21, 33))),
        arguments("a key of 257 characters", lines("foo=1", "z".repeat(257) + "=1")),
        arguments("a key of 257 with an at sign", lines("foo=1", "t".repeat(255) + "@v=1")),
        arguments("an equals sign in a value", lines("foo=bar=baz")),
        arguments("an empty value", lines("foo=,bar=3")),
        arguments("a value of 257 characters", lines("foo=" + "v".repeat(257) + ",bar=3")),
        arguments("no equals sign", lines("foo,bar=3")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badStates")
  void tracestate_malformed_isDroppedWhole(String row, List<String> lines) {
    assertThat(state(lines)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mixed case, TrAcEsTaTe, foo=1",
    "upper case, TRACESTATE, foo=1",
    "a dash, trace-state, ''",
    "a dot, trace.state, ''",
  })
  void tracestate_byItsName(String row, String name, String expected) {
    SpanContext span = span(Lines.of("traceparent", PARENT, name, "foo=1"));
    assertThat(span.getTraceState().asMap()).hasSize(expected.isEmpty() ? 0 : 1);
  }

  private SpanContext span(Lines lines) {
    SpanContext ours = Span.fromContext(inbound.extract(Context.root(), lines)).getSpanContext();
    assertThat(Span.fromContext(byOpenTelemetry.extract(Context.root(), lines)).getSpanContext())
        .isEqualTo(ours);
    return ours;
  }

  private String state(List<String> lines) {
    Lines headers = Lines.of("traceparent", PARENT);
    lines.forEach(line -> headers.add("tracestate", line));
    SpanContext span = span(headers);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    List<String> members = new ArrayList<>();
    span.getTraceState().forEach((key, value) -> members.add(key + "=" + value));
    return String.join(",", members);
  }

  private static List<String> lines(String... lines) {
    return List.of(lines);
  }

  private static String members(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> String.format("bar%02d=%02d", i, i))
        .collect(Collectors.joining(","));
  }
}
