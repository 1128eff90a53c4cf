package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboundHeadersTest {

  private static final PropagationPolicy POLICY =
      PropagationPolicy.builder().allowFor("payment-service", "authorization").build();

  private final InboundHeaders inbound = InboundHeaders.create(POLICY, ContextPropagators.noop());
  private final OutboundHeaders outbound =
      OutboundHeaders.create(POLICY, ContextPropagators.noop());

  @Test
  void apply_putsTheContextsHeadersOn() {
    Context context = received("x-request-id", "r1", "x-canary", "true", "x-other", "no");
    assertThat(sent(context).text()).containsExactly("x-request-id: r1", "x-canary: true");
  }

  @Test
  void apply_whatTheApplicationSet_isLeftAlone() {
    Context context = received("x-request-id", "r1", "x-canary", "true");
    Lines request = Lines.of("X-Canary", "false", "X-Request-ID", "mine");
    outbound.apply(context, "order-service", request, Lines::has, Lines::add);
    assertThat(request.text()).containsExactly("X-Canary: false", "X-Request-ID: mine");
  }

  @Test
  void apply_severalValues_areAllAdded() {
    Context context =
        MeshContext.builder().add("x-tenant", "a").add("x-tenant", "b").build().storeIn(root());
    assertThat(sent(context).values("x-tenant")).containsExactly("a", "b");
  }

  @Test
  void apply_credential_goesToItsDestinationOnly() {
    Context context = received("authorization", "Bearer abc");
    assertThat(sent(context, "payment-service").values("authorization"))
        .containsExactly("Bearer abc");
    assertThat(sent(context, "order-service").has("authorization")).isFalse();
  }

  @Test
  void apply_credentialThatTheApplicationPutInTheContext_staysBackToo() {
    Context context = MeshContext.empty().with("cookie", "a=b").storeIn(root());
    assertThat(sent(context, "payment-service").has("cookie")).isFalse();
  }

  @Test
  void apply_headerThatTheApplicationPutInTheContext_goesThoughNotInThePolicy() {
    Context context = MeshContext.empty().with("x-job", "nightly").storeIn(root());
    assertThat(sent(context).values("x-job")).containsExactly("nightly");
  }

  @ParameterizedTest(name = "{0} keeps {1}: {2}")
  @CsvSource({
    "-x-canary,          x-canary,     false",
    "-x-canary,          x-user-id,    true",
    "-x-b3-*,            x-b3-traceid, false",
    "-x-job,             X-Job,        false",
    "-*,                 x-canary,     false",
    "-*,                 x-job,        false",
    "'-*,x-job',         x-job,        true",
    "'-*,x-j*',          x-job,        true",
    "'-x-job,x-job',     x-job,        true",
    "'-x-job,x-job@order-service', x-job, true",
    "'-x-job,x-job@other',         x-job, false",
  })
  void apply_whatThePolicyDenies_staysBackThoughItIsInTheContext(
      String headers, String name, boolean goes) {
    PropagationPolicy policy =
        PropagationPolicy.fromEnvironment(Map.of(PropagationPolicy.HEADERS_VARIABLE, headers));
    Context context = MeshContext.empty().with(name, "1").storeIn(root());
    Lines request = Lines.of();
    OutboundHeaders.create(policy, ContextPropagators.noop())
        .apply(context, "order-service", request, Lines::has, Lines::add);
    assertThat(request.has(name)).isEqualTo(goes);
  }

  @Test
  void requestId_madeOnceForAllCallsOfOneInboundRequest() {
    Context context = received("x-canary", "true");
    String first = sent(context).values("x-request-id").get(0);
    assertThat(sent(context).values("x-request-id")).containsExactly(first);
    assertThat(MeshContext.from(context).requestId()).isEqualTo(first);
    assertThat(sent(received()).values("x-request-id").get(0)).isNotEqualTo(first);
  }

  @Test
  void requestId_outsideOfARequest_madeForEachCall() {
    String first = sent(root()).values("x-request-id").get(0);
    assertThat(first).hasSize(36);
    assertThat(sent(root()).values("x-request-id").get(0)).isNotEqualTo(first);
  }

  @Test
  void requestId_policyWithoutIt_makesNone() {
    OutboundHeaders outbound =
        OutboundHeaders.create(
            PropagationPolicy.builder().deny("x-request-id").build(), ContextPropagators.noop());
    Lines request = Lines.of();
    outbound.apply(root(), "order-service", request, Lines::has, Lines::add);
    assertThat(request.text()).isEmpty();
  }

  @Test
  void apply_allocatesLittle() {
    Context context =
        received(
            "x-request-id", "r1",
            "x-canary", "true",
            "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "baggage", "k=v");
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = 10_000;
    applyTimes(context, calls);
    long before = threads.getCurrentThreadAllocatedBytes();
    applyTimes(context, calls);
    long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / calls;
    assertThat(bytes).isLessThan(100);
  }

  private void applyTimes(Context context, int calls) {
    int[] added = new int[1];
    for (int i = 0; i < calls; i++) {
      outbound.apply(
          context, "order-service", added, (r, name) -> false, (r, name, value) -> r[0]++);
    }
    assertThat(added[0]).isEqualTo(4 * calls);
  }

  private Context received(String... headers) {
    return inbound.extract(root(), Lines.of(headers));
  }

  private Lines sent(Context context) {
    return sent(context, "order-service");
  }

  private Lines sent(Context context, String host) {
    Lines request = Lines.of();
    outbound.apply(context, host, request, Lines::has, Lines::add);
    return request;
  }

  private static Context root() {
    return Context.root();
  }
}
