package io.meshclient.telemetry;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans by OTLP where the configuration in force says, and drops them while it names no
 * place. Safe from any thread.
 */
final class ProviderExporter implements SpanExporter {

  private record Sink(TracingProvider provider, SpanExporter exporter) {}

  private final AtomicReference<@Nullable Sink> sink = new AtomicReference<>();

  /** Changes where they go; {@code null} for nowhere. */
  void apply(@Nullable TracingProvider provider) {
    Sink before = sink.get();
    if (before != null && before.provider().equals(provider)) {
      return;
    }
    sink.set(provider == null ? null : new Sink(provider, exporter(provider)));
    if (before != null) {
      before.exporter().shutdown();
    }
  }

  private static SpanExporter exporter(TracingProvider provider) {
    if (provider.httpPath() != null) {
      OtlpHttpSpanExporterBuilder http =
          OtlpHttpSpanExporter.builder().setEndpoint(provider.url() + provider.httpPath());
      provider.headers().forEach(http::addHeader);
      if (provider.timeout() != null) {
        http.setTimeout(provider.timeout());
      }
      return http.build();
    }
    OtlpGrpcSpanExporterBuilder grpc = OtlpGrpcSpanExporter.builder().setEndpoint(provider.url());
    provider.headers().forEach(grpc::addHeader);
    if (provider.timeout() != null) {
      grpc.setTimeout(provider.timeout());
    }
    return grpc.build();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    Sink now = sink.get();
    return now == null ? CompletableResultCode.ofSuccess() : now.exporter().export(spans);
  }

  @Override
  public CompletableResultCode flush() {
    Sink now = sink.get();
    return now == null ? CompletableResultCode.ofSuccess() : now.exporter().flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    Sink last = sink.getAndSet(null);
    return last == null ? CompletableResultCode.ofSuccess() : last.exporter().shutdown();
  }
}
