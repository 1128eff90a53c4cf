package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboundHeadersTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  private final InboundHeaders inbound = inbound(PropagationPolicy.defaults());

  @Test
  void extract_takesWhatThePolicyNamesAndNoMore() {
    MeshContext mesh =
        mesh(
            Lines.of(
                "Host", "web",
                "X-Request-Id", "r1",
                "X-Canary", "true",
                "Authorization", "Bearer abc",
                "Cookie", "a=b",
                "X-B3-Sampled", "1",
                "X-Tenant", "t"));
    assertThat(mesh.names()).containsExactly("x-request-id", "x-canary", "x-b3-sampled");
    assertThat(mesh.requestId()).isEqualTo("r1");
  }

  @Test
  void extract_severalValues_keepTheirOrder() {
    InboundHeaders inbound = inbound(PropagationPolicy.builder().allow("x-tenant").build());
    MeshContext mesh = mesh(inbound, Lines.of("X-Tenant", "a", "x-canary", "1", "x-tenant", "b"));
    assertThat(mesh.values("x-tenant")).containsExactly("a", "b");
  }

  @Test
  void extract_credentialNamedForADestination_isTaken() {
    PropagationPolicy policy =
        PropagationPolicy.builder().allowFor("payment-service", "authorization").build();
    MeshContext mesh = mesh(inbound(policy), Lines.of("Authorization", "Bearer abc"));
    assertThat(mesh.header("authorization")).isEqualTo("Bearer abc");
  }

  @Test
  void extract_withoutRequestId_makesOne() {
    assertThat(mesh(Lines.of()).requestId()).hasSize(36);
    assertThat(mesh(Lines.of("x-request-id", "")).values("x-request-id"))
        .singleElement()
        .satisfies(id -> assertThat(id).hasSize(36));
  }

  @Test
  void extract_policyWithoutRequestId_makesNone() {
    InboundHeaders inbound = inbound(PropagationPolicy.builder().deny("x-request-id").build());
    assertThat(mesh(inbound, Lines.of("x-request-id", "r1")).isEmpty()).isTrue();
  }

  @Test
  void extract_whatAnotherRequestLeft_isNotMixedIn() {
    Context left = MeshContext.empty().with("x-user-id", "someone else").storeIn(Context.root());
    MeshContext mesh = MeshContext.from(inbound.extract(left, Lines.of("x-canary", "true")));
    assertThat(mesh.names()).containsExactlyInAnyOrder("x-canary", "x-request-id");
  }

  @ParameterizedTest
  @CsvSource({
    "cr and lf, 'true\r\nhost: evil'",
    "nul, 'a\0'",
    "escape, '\u001b[31m'",
    "delete, 'a\u007f'",
    "not ascii, 'caf\u00e9'"
  })
  void extract_valueThatNoHeaderMayHave_isDropped(String row, String value) {
    MeshContext mesh = mesh(Lines.of("x-canary", value, "x-user-id", "42"));
    assertThat(mesh.header("x-canary")).isNull();
    assertThat(mesh.header("x-user-id")).isEqualTo("42");
  }

  @Test
  void extract_oneOfSeveralValuesUnfit_dropsThemAll() {
    MeshContext mesh = mesh(Lines.of("x-canary", "true", "x-canary", "a\0"));
    assertThat(mesh.header("x-canary")).isNull();
  }

  @Test
  void extract_valueTooLong_isDropped() {
    MeshContext mesh = mesh(Lines.of("x-canary", "v".repeat(8193), "x-user-id", "v".repeat(8192)));
    assertThat(mesh.header("x-canary")).isNull();
    assertThat(mesh.header("x-user-id")).hasSize(8192);
  }

  @Test
  void extract_tooMany_keepsNamedHeadersBeforePrefixes() {
    InboundHeaders inbound =
        inbound(PropagationPolicy.builder().allow("x-feature-*").maxHeaders(3).build());
    MeshContext mesh =
        mesh(
            inbound,
            Lines.of(
                "x-feature-1", "a",
                "x-feature-2", "b",
                "x-feature-3", "c",
                "x-canary", "true",
                "x-request-id", "r1"));
    assertThat(mesh.names()).containsExactly("x-canary", "x-request-id", "x-feature-1");
  }

  @Test
  void extract_tooLongInAll_dropsWhatIsOver() {
    InboundHeaders inbound = inbound(PropagationPolicy.builder().maxTotalLength(40).build());
    MeshContext mesh =
        mesh(
            inbound,
            Lines.of("x-request-id", "r1", "x-user-id", "v".repeat(40), "x-canary", "true"));
    assertThat(mesh.names()).containsExactly("x-request-id", "x-canary");
  }

  @Test
  void extract_traceparent_becomesTheRemoteSpan() {
    Context context =
        inbound.extract(
            Context.root(),
            Lines.of("Traceparent", TRACEPARENT, "tracestate", "a=1", "Tracestate", "b=2"));
    SpanContext span = Span.fromContext(context).getSpanContext();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.isRemote()).isTrue();
    assertThat(span.getTraceState().asMap())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "2"));
    assertThat(MeshContext.from(context).values("tracestate")).containsExactly("a=1,b=2");
  }

  @Test
  void extract_severalTraceparents_countAsNone() {
    Context context =
        inbound.extract(
            Context.root(),
            Lines.of("traceparent", TRACEPARENT, "traceparent", TRACEPARENT, "tracestate", "a=1"));
    assertThat(Span.fromContext(context).getSpanContext().isValid()).isFalse();
    assertThat(MeshContext.from(context).names()).containsExactly("x-request-id");
  }

  @Test
  void extract_tracestateAlone_isNothing() {
    assertThat(mesh(Lines.of("tracestate", "a=1")).names()).containsExactly("x-request-id");
  }

  @ParameterizedTest
  @CsvSource({
    "empty, ''",
    "zeros, 00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "short, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    "upper case, 00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    "version ff, ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "two in one line, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,x'"
  })
  void extract_malformedTraceparent_isNoSpanAndNoError(String row, String value) {
    Context context = inbound.extract(Context.root(), Lines.of("traceparent", value));
    assertThat(Span.fromContext(context).getSpanContext().isValid()).isFalse();
  }

  @Test
  void extract_whereAnInstrumentationReadTheTrace_leavesItsSpan() {
    Span server =
        Span.wrap(
            SpanContext.create(
                TRACE, "00000000000000aa", TraceFlags.getSampled(), TraceState.getDefault()));
    Context context =
        inbound.extract(Context.root().with(server), Lines.of("traceparent", TRACEPARENT));
    assertThat(Span.fromContext(context)).isSameAs(server);
    assertThat(MeshContext.from(context).header("traceparent")).isEqualTo(TRACEPARENT);
  }

  @Test
  void extract_policyWithoutTraceparent_startsNoTraceFromIt() {
    InboundHeaders inbound =
        inbound(PropagationPolicy.builder().deny("traceparent", "baggage").build());
    Context context =
        inbound.extract(Context.root(), Lines.of("traceparent", TRACEPARENT, "baggage", "k=v"));
    assertThat(Span.fromContext(context).getSpanContext().isValid()).isFalse();
    assertThat(Baggage.fromContext(context).isEmpty()).isTrue();
  }

  @Test
  void extract_baggageOnSeveralLines_isOne() {
    Context context = inbound.extract(Context.root(), Lines.of("baggage", "a=1", "baggage", "b=2"));
    assertThat(Baggage.fromContext(context).getEntryValue("a")).isEqualTo("1");
    assertThat(Baggage.fromContext(context).getEntryValue("b")).isEqualTo("2");
    assertThat(MeshContext.from(context).values("baggage")).containsExactly("a=1,b=2");
  }

  @Test
  void makeCurrent_untilClosed() {
    try (Scope scope = inbound.makeCurrent(Lines.of("x-canary", "true"))) {
      assertThat(MeshContext.current().header("x-canary")).isEqualTo("true");
    }
    assertThat(MeshContext.current().isEmpty()).isTrue();
    assertThat(Context.current()).isSameAs(Context.root());
  }

  private MeshContext mesh(Lines headers) {
    return mesh(inbound, headers);
  }

  private static MeshContext mesh(InboundHeaders inbound, Lines headers) {
    return MeshContext.from(inbound.extract(Context.root(), headers));
  }

  private static InboundHeaders inbound(PropagationPolicy policy) {
    return InboundHeaders.create(policy, ContextPropagators.noop());
  }
}
