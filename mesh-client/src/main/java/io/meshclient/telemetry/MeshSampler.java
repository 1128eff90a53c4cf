package io.meshclient.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which traces are kept. A trace that was begun goes on as it was; a caller's word counts;
 * rules add what they ask for, within their cap; of the rest a random share is taken. Safe from any
 * thread; a reload changes the share of the traces that begin after it.
 */
final class MeshSampler implements Sampler {

  /** The random shares in force. */
  private record Shares(Sampler client, Sampler server) {}

  private final Sampler usual;
  private final SamplingRules rules;
  private volatile Shares shares;

  /**
   * @param usual for traces that begin here, as long as no configuration says otherwise
   */
  MeshSampler(Sampler usual, SamplingRules rules) {
    this.usual = usual;
    this.rules = rules;
    this.shares = new Shares(usual, usual);
  }

  /** Takes over the shares of a configuration; {@code null} for the usual ones. */
  void apply(@Nullable Double clientPercent, @Nullable Double serverPercent) {
    shares = new Shares(share(clientPercent), share(serverPercent));
  }

  private Sampler share(@Nullable Double percent) {
    return percent == null ? usual : Sampler.traceIdRatioBased(percent / 100);
  }

  @Override
  public SamplingResult shouldSample(
      Context parentContext,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> parentLinks) {
    Span parent = Span.fromContext(parentContext);
    SpanContext caller = parent.getSpanContext();
    if (caller.isSampled()) {
      return SamplingResult.recordAndSample();
    }
    boolean isLocal = caller.isValid() && !caller.isRemote();
    if (isLocal) {
      return parent.isRecording() ? SamplingResult.recordOnly() : SamplingResult.drop();
    }
    CallersWord word = CallersWord.of(parentContext);
    if (word == CallersWord.SAMPLE || asksByRule(parentContext)) {
      return SamplingResult.recordAndSample();
    }
    boolean decided = word == CallersWord.LEAVE || caller.isValid() && word == CallersWord.NONE;
    if (!decided) {
      Sampler share = kind == SpanKind.SERVER ? shares.server() : shares.client();
      SamplingResult drawn =
          share.shouldSample(Context.root(), traceId, name, kind, attributes, parentLinks);
      if (!drawn.equals(SamplingResult.drop())) {
        return drawn;
      }
    }
    return rules.isLate() ? SamplingResult.recordOnly() : SamplingResult.drop();
  }

  private boolean asksByRule(Context context) {
    return rules.asksByHeader(context) && rules.cap().passes();
  }

  @Override
  public String getDescription() {
    return "MeshSampler{" + shares.client().getDescription() + "}";
  }

  @Override
  public String toString() {
    return getDescription();
  }
}
