package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryPolicyTest {
  private static final String MESH =
      """
      apiVersion: telemetry.istio.io/v1
      kind: Telemetry
      metadata: {name: mesh, namespace: istio-system}
      spec:
        tracing:
        - providers: [{name: otel}]
          randomSamplingPercentage: 10
          customTags:
            user_id: {header: {name: x-user-id}}
            tier: {literal: {value: gold}}
            region: {environment: {name: NO_SUCH_VARIABLE, defaultValue: here}}
        accessLogging:
        - providers: [{name: envoy}]
          filter: {expression: 'response.code >= 400'}
      """;
  private static final String PROVIDERS =
      """
      extensionProviders:
      - name: otel
        opentelemetry: {service: observability/otel-collector.observability.svc.cluster.local, port: 4317}
      - name: web
        opentelemetry:
          service: collector
          port: 4318
          http: {path: /v1/traces, timeout: 3s, headers: [{name: x-key, value: abc}]}
      - name: file
        envoyFileAccessLog:
          path: /tmp/access.log
          logFormat: {labels: {code: '%RESPONSE_CODE%', who: '%REQ(X-USER-ID)%'}}
      """;

  @Test
  void mesh_holdsEverywhere() {
    TelemetryPolicy policy = policy(MESH);
    assertThat(policy.problems()).isEmpty();
    assertThat(policy.client().tracing().percent()).isEqualTo(10.0);
    assertThat(policy.provider())
        .isEqualTo(
            new TracingProvider(
                "otel-collector.observability.svc.cluster.local", 4317, null, Map.of(), null));
    assertThat(tags(policy, FakeFacts.get("/", 200).withRequestHeader("x-user-id", "42")))
        .containsExactlyInAnyOrder("user_id=42", "tier=gold", "region=here");
    assertThat(tags(policy, FakeFacts.get("/", 200)))
        .containsExactlyInAnyOrder("tier=gold", "region=here");
    AccessLogSink sink = policy.server().logs().get(0);
    assertThat(sink.path()).isEqualTo("/dev/stdout");
    assertThat(sink.takes(FakeFacts.get("/", 404))).isTrue();
    assertThat(sink.takes(FakeFacts.get("/", 200))).isFalse();
  }

  @Test
  void namespace_overridesFieldByField() {
    TelemetryPolicy policy =
        policy(
            MESH,
            """
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: {name: ours, namespace: production}
            spec:
              tracing: [{randomSamplingPercentage: 50}]
            """,
            """
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: {name: theirs, namespace: staging}
            spec:
              tracing: [{randomSamplingPercentage: 1}]
            """);
    assertThat(policy.client().tracing().percent()).isEqualTo(50.0);
    assertThat(policy.provider()).isNotNull();
    assertThat(policy.client().tracing().tags()).hasSize(3);
  }

  @Test
  void workload_overridesTheNamespace_ifItIsSelected() {
    String ofWorkload =
        """
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: mine, namespace: production}
        spec:
          selector: {matchLabels: {app: %s}}
          tracing:
          - match: {mode: CLIENT}
            disableSpanReporting: true
            providers: [{name: web}]
        """;
    TelemetryPolicy mine = policy(MESH, ofWorkload.formatted("web"));
    assertThat(mine.client().tracing().silent()).isTrue();
    assertThat(mine.server().tracing().silent()).isFalse();
    assertThat(Objects.requireNonNull(mine.provider()).httpPath()).isEqualTo("/v1/traces");
    assertThat(mine.provider().headers()).containsEntry("x-key", "abc");
    assertThat(policy(MESH, ofWorkload.formatted("other")).client().tracing().silent()).isFalse();
  }

  @Test
  void metrics_overridesComeOnTopOfEachOther() {
    TelemetryPolicy policy =
        policy(
            """
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: {name: mesh, namespace: istio-system}
            spec:
              metrics:
              - providers: [{name: prometheus}]
                overrides:
                - match: {metric: ALL_METRICS, mode: CLIENT}
                  tagOverrides:
                    source_principal: {operation: REMOVE}
                    request_host: {value: request.host}
                - match: {metric: REQUEST_SIZE}
                  disabled: true
            """);
    assertThat(policy.client().metrics().of(IstioMetric.REQUEST_COUNT).labels())
        .containsOnlyKeys("source_principal", "request_host");
    assertThat(policy.server().metrics().of(IstioMetric.REQUEST_COUNT).labels()).isEmpty();
    assertThat(policy.server().metrics().of(IstioMetric.REQUEST_SIZE).disabled()).isTrue();
    assertThat(policy.client().metrics().of(IstioMetric.RESPONSE_SIZE).disabled()).isFalse();
  }

  @Test
  void accessLog_ofANamedProvider_hasItsFields() {
    TelemetryPolicy policy =
        policy(
            """
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: {name: mesh, namespace: istio-system}
            spec:
              accessLogging:
              - providers: [{name: file}]
                match: {mode: SERVER}
            """);
    assertThat(policy.client().logs()).isEmpty();
    AccessLogSink sink = policy.server().logs().get(0);
    assertThat(sink.path()).isEqualTo("/tmp/access.log");
    assertThat(sink.format().line(FakeFacts.get("/", 200).withRequestHeader("x-user-id", "42")))
        .isEqualToIgnoringNewLines("{\"code\":200,\"who\":\"42\"}");
  }

  @Test
  void accessLog_disabledCloser_isOff() {
    assertThat(
            policy(
                    MESH,
                    """
                    apiVersion: telemetry.istio.io/v1
                    kind: Telemetry
                    metadata: {name: quiet, namespace: production}
                    spec:
                      accessLogging: [{disabled: true}]
                    """)
                .client()
                .logs())
        .isEmpty();
  }

  @Test
  void accessLogFile_ofMeshConfig_holdsWhereNoResourceSpeaks() {
    Configuration configuration =
        Configuration.read(
            ConfigSource.yaml("mesh", "accessLogFile: /dev/stdout\naccessLogEncoding: JSON\n")
                .asMeshConfig());
    TelemetryPolicy policy =
        TelemetryPolicy.compile(configuration, "production", Map.of(), "cluster.local");
    assertThat(policy.client().logs()).hasSize(1);
    assertThat(policy.client().logs().get(0).format().line(FakeFacts.get("/a", 200)))
        .startsWith("{\"start_time\":\"2023-11-14T22:13:20.123Z\"");
  }

  @ParameterizedTest(name = "{0}: on {1}, off {2}, as said {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | true | false | false",
        "accessLogging: [{}] | true | false | true",
        "accessLogging: [{disabled: true}] | false | false | false",
        "tracing: [{randomSamplingPercentage: 5}] | true | false | false",
      })
  void accessLog_byTheApplicationsWord(String spec, boolean on, boolean off, boolean asSaid) {
    Configuration configuration =
        Configuration.read(
            ConfigSource.yaml(
                "telemetry",
                spec.equals("nothing")
                    ? ""
                    : """
                      apiVersion: telemetry.istio.io/v1
                      kind: Telemetry
                      metadata: {name: own, namespace: production}
                      spec: {%s}
                      """
                        .formatted(spec)));
    assertThat(configuration.problems()).isEmpty();
    assertThat(logs(configuration, true)).isEqualTo(on);
    assertThat(logs(configuration, false)).isEqualTo(off);
    assertThat(logs(configuration, null)).isEqualTo(asSaid);
  }

  /** Whether both sides write a log; none or both do. */
  private static boolean logs(Configuration configuration, @Nullable Boolean accessLog) {
    TelemetryPolicy policy =
        TelemetryPolicy.compile(configuration, "production", Map.of(), "cluster.local", accessLog);
    assertThat(policy.server().logs()).hasSameSizeAs(policy.client().logs());
    assertThat(policy.client().logs())
        .extracting(AccessLogSink::path)
        .allMatch("/dev/stdout"::equals);
    return !policy.client().logs().isEmpty();
  }

  @Test
  void whatIsNotUnderstood_isSaid_andTheRestHolds() {
    TelemetryPolicy policy =
        policy(
            """
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: {name: mesh, namespace: istio-system}
            spec:
              tracing: [{providers: [{name: nobody}], randomSamplingPercentage: 5}]
              accessLogging:
              - filter: {expression: 'response.cod >= 400'}
            """);
    assertThat(policy.client().tracing().percent()).isEqualTo(5.0);
    assertThat(policy.problems())
        .extracting(Object::toString)
        .anyMatch(text -> text.contains("MESH0502") && text.contains("nobody"))
        .anyMatch(text -> text.contains("MESH0501") && text.contains("response.cod "));
  }

  private static List<String> tags(TelemetryPolicy policy, RequestFacts facts) {
    return policy.client().tracing().tags().stream()
        .map(tag -> tag.name() + "=" + tag.value().apply(facts))
        .filter(text -> !text.endsWith("=null"))
        .toList();
  }

  private static TelemetryPolicy policy(String... documents) {
    Configuration configuration =
        Configuration.read(
            ConfigSource.yaml("telemetry", String.join("---\n", documents)),
            ConfigSource.yaml("mesh", PROVIDERS).asMeshConfig());
    assertThat(configuration.problems()).isEmpty();
    return TelemetryPolicy.compile(
        configuration, "production", Map.of("app", "web"), "cluster.local");
  }
}
