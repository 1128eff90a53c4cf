package io.meshclient.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests: OpenTelemetry's {@code http.client.request.duration} and {@code
 * http.server.request.duration}, and Istio's metrics with Istio's labels, so that its dashboards
 * read them. Paths are never labels, and hosts only as many as a few hundred. Safe from any thread.
 */
final class RequestMetrics {
  private static final List<Double> SECONDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  /** Of Envoy, for milliseconds and for bytes alike. */
  private static final List<Double> ISTIO =
      List.of(
          0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0,
          30000.0, 60000.0, 300000.0, 600000.0, 1800000.0, 3600000.0);

  private static final int MOST_HOSTS = 200;
  private static final int MOST_LABELS = 2000;

  /** What the conventions' metrics are told apart by. */
  private record HttpKey(
      String method,
      String scheme,
      String host,
      int port,
      int status,
      String protocol,
      @Nullable String error) {}

  private final DoubleHistogram client;
  private final DoubleHistogram server;
  private final LongCounter requests;
  private final DoubleHistogram durations;
  private final DoubleHistogram requestBytes;
  private final DoubleHistogram responseBytes;
  private final LongCounter retries;
  private final LongCounter faults;
  private final BoundedNames hosts = new BoundedNames(MOST_HOSTS);
  private final ConcurrentHashMap<HttpKey, Attributes> ofHttp = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<IstioLabels, Attributes> ofIstio = new ConcurrentHashMap<>();

  RequestMetrics(Meter meter) {
    client = seconds(meter, "http.client.request.duration", "Duration of HTTP client requests.");
    server = seconds(meter, "http.server.request.duration", "Duration of HTTP server requests.");
    requests =
        meter
            .counterBuilder(IstioMetric.REQUEST_COUNT.metricName())
            .setDescription("Requests handled.")
            .build();
    durations =
        istio(
            meter,
            IstioMetric.REQUEST_DURATION,
            "ms",
            "Duration of requests, with the answer's body.");
    requestBytes = istio(meter, IstioMetric.REQUEST_SIZE, "By", "Size of requests' bodies.");
    responseBytes = istio(meter, IstioMetric.RESPONSE_SIZE, "By", "Size of answers' bodies.");
    retries =
        meter
            .counterBuilder("mesh.client.retries")
            .setDescription("Tries after the first, by the service they went to")
            .setUnit("{try}")
            .build();
    faults =
        meter
            .counterBuilder("mesh.client.faults")
            .setDescription("Calls that a rule's fault delayed (DI) or answered (FI)")
            .setUnit("{call}")
            .build();
  }

  private static DoubleHistogram seconds(Meter meter, String name, String what) {
    return meter
        .histogramBuilder(name)
        .setDescription(what)
        .setUnit("s")
        .setExplicitBucketBoundariesAdvice(SECONDS)
        .build();
  }

  private static DoubleHistogram istio(Meter meter, IstioMetric metric, String unit, String what) {
    return meter
        .histogramBuilder(metric.metricName())
        .setDescription(what)
        .setUnit(unit)
        .setExplicitBucketBoundariesAdvice(ISTIO)
        .build();
  }

  /**
   * Counts a request.
   *
   * @param conventions whether OpenTelemetry's own metrics are ours to record
   */
  void record(RequestFacts facts, MetricsPolicy policy, Context context, boolean conventions) {
    if (conventions) {
      long nanos =
          facts.isClient() && facts.headersNanos() >= 0
              ? facts.headersNanos()
              : facts.durationNanos();
      (facts.isClient() ? client : server).record(nanos / 1e9, http(facts), context);
    }
    istio(facts, policy, context);
    if (facts.isClient()) {
      count(facts);
    }
  }

  private void istio(RequestFacts facts, MetricsPolicy policy, Context context) {
    Attributes labels = labels(facts);
    for (IstioMetric metric : IstioMetric.values()) {
      MetricsPolicy.Change change = policy.of(metric);
      if (change.disabled()) {
        continue;
      }
      Attributes changed = change.labels().isEmpty() ? labels : changed(labels, change, facts);
      switch (metric) {
        case REQUEST_COUNT -> requests.add(1, changed, context);
        case REQUEST_DURATION ->
            durations.record(
                TimeUnit.NANOSECONDS.toMicros(facts.durationNanos()) / 1e3, changed, context);
        case REQUEST_SIZE -> requestBytes.record((double) facts.requestBytes(), changed, context);
        case RESPONSE_SIZE ->
            responseBytes.record((double) facts.responseBytes(), changed, context);
      }
    }
  }

  private void count(RequestFacts facts) {
    String flags = facts.flags();
    if (facts.attempts() > 1) {
      retries.add(
          facts.attempts() - 1L,
          Attributes.of(AttributeKey.stringKey("mesh.service"), hosts.of(service(facts))));
    }
    if (flags.contains("DI") || flags.contains("FI")) {
      faults.add(
          1,
          Attributes.of(
              AttributeKey.stringKey("mesh.service"),
              hosts.of(service(facts)),
              AttributeKey.stringKey("mesh.flags"),
              flags));
    }
  }

  private static String service(RequestFacts facts) {
    return facts.service().isEmpty() ? Hosts.name(facts.authority()) : facts.service();
  }

  private Attributes http(RequestFacts facts) {
    String host = facts.isClient() ? hosts.of(Hosts.name(facts.authority())) : "";
    HttpKey key =
        new HttpKey(
            HttpAttributes.method(facts.method()),
            facts.scheme(),
            host,
            host.isEmpty() || host.equals(BoundedNames.OTHER)
                ? 0
                : Hosts.port(facts.authority(), facts.scheme()),
            facts.status(),
            facts.protocol(),
            facts.error());
    return bounded(ofHttp, key)
        ? ofHttp.computeIfAbsent(key, RequestMetrics::attributes)
        : attributes(key);
  }

  private static Attributes attributes(HttpKey key) {
    AttributesBuilder builder =
        Attributes.builder()
            .put(HttpAttributes.METHOD, key.method())
            .put(HttpAttributes.SCHEME, key.scheme());
    if (!key.host().isEmpty()) {
      builder.put(HttpAttributes.HOST, key.host());
    }
    if (key.port() != 0) {
      builder.put(HttpAttributes.PORT, (long) key.port());
    }
    if (key.status() != 0) {
      builder.put(HttpAttributes.STATUS, (long) key.status());
    }
    if (!key.protocol().isEmpty()) {
      builder.put(HttpAttributes.PROTOCOL, HttpAttributes.version(key.protocol()));
    }
    if (key.error() != null) {
      builder.put(HttpAttributes.ERROR, key.error());
    }
    return builder.build();
  }

  private Attributes labels(RequestFacts facts) {
    IstioLabels key = IstioLabels.of(facts);
    return bounded(ofIstio, key)
        ? ofIstio.computeIfAbsent(key, IstioLabels::attributes)
        : key.attributes();
  }

  /** So that a flood of odd requests costs time and no memory; the SDK bounds what it keeps. */
  private static <K> boolean bounded(Map<K, Attributes> known, K key) {
    return known.size() < MOST_LABELS || known.containsKey(key);
  }

  private static Attributes changed(
      Attributes labels, MetricsPolicy.Change change, RequestFacts facts) {
    AttributesBuilder builder = labels.toBuilder();
    change
        .labels()
        .forEach(
            (name, value) -> {
              AttributeKey<String> key = AttributeKey.stringKey(name);
              if (value.of() == null) {
                builder.remove(key);
                return;
              }
              String text = value.of().apply(facts);
              builder.put(key, text == null ? Peer.UNKNOWN : text);
            });
    return builder.build();
  }
}
