package io.meshclient;

import io.meshclient.policy.Endpoint;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.telemetry.Peer;
import io.meshclient.telemetry.RequestFacts;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What is known of a call: its decision, its request and its answer. */
final class ClientFacts implements RequestFacts {
  private final CallTrace trace;
  private final Peer self;
  private final @Nullable MeshCall call;
  private final @Nullable Decision decision;
  private final @Nullable Response response;
  private final @Nullable Throwable failure;
  private final long headersNanos;
  private volatile long durationNanos;
  private final AtomicLong responseBytes = new AtomicLong();

  /**
   * @param call the last hop; {@code null} where none began
   */
  ClientFacts(
      CallTrace trace,
      Peer self,
      @Nullable MeshCall call,
      @Nullable Response response,
      @Nullable Throwable failure) {
    this.trace = trace;
    this.self = self;
    this.call = call;
    this.decision = call == null ? null : call.decision;
    this.response = response;
    this.failure = failure;
    this.headersNanos = System.nanoTime() - trace.startNanos();
    this.durationNanos = headersNanos;
  }

  /** More of the body was read. */
  void read(long bytes) {
    responseBytes.addAndGet(bytes);
  }

  /** The body is over. */
  void over() {
    durationNanos = System.nanoTime() - trace.startNanos();
  }

  /** Says on a span what was decided. */
  void describe(Span span, @Nullable StageSettings stages) {
    Decision made = decision;
    if (made == null || !span.isRecording()) {
      return;
    }
    set(span, "mesh.subset", made.subset());
    set(span, "mesh.rule", made.rule() == null ? "" : made.rule().toString());
    set(span, "mesh.condition", made.condition());
    set(span, "mesh.mode", made.ownership().mode().word());
    MeshCall of = call;
    if (of != null && of.destination != null && stages != null) {
      CircuitBreaker breaker = stages.breakers().of(of);
      set(span, "mesh.breaker", breaker == null ? "" : breaker.state().name());
    }
  }

  private static void set(Span span, String name, String value) {
    if (!value.isEmpty()) {
      span.setAttribute(name, value);
    }
  }

  @Override
  public boolean isClient() {
    return true;
  }

  @Override
  public String method() {
    return decision == null ? "" : decision.method();
  }

  @Override
  public String scheme() {
    return call == null ? "http" : call.original.url().scheme();
  }

  @Override
  public String authority() {
    return decision == null ? "" : decision.authority();
  }

  @Override
  public String path() {
    return decision == null ? "" : decision.path();
  }

  @Override
  public String protocol() {
    Decision.Attempt last = lastAttempt();
    return last == null ? "" : last.protocol();
  }

  private Decision.@Nullable Attempt lastAttempt() {
    List<Decision.Attempt> attempts = decision == null ? List.of() : decision.attempts();
    return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
  }

  @Override
  public int status() {
    return response == null ? 0 : response.code();
  }

  @Override
  public String flags() {
    return decision == null ? "" : decision.flags();
  }

  @Override
  public String details() {
    if (response == null) {
      return "";
    }
    boolean answered = response.networkResponse() != null || response.cacheResponse() != null;
    return answered ? "via_upstream" : ResponseFlags.details(flags());
  }

  @Override
  public @Nullable String failure() {
    if (failure != null) {
      return failure.toString();
    }
    Decision.Attempt last = lastAttempt();
    boolean local = response != null && response.networkResponse() == null;
    return local && last != null && last.status() == 0 ? last.outcome() : null;
  }

  @Override
  public @Nullable String error() {
    return failure != null
        ? failure.getClass().getName()
        : status() >= 400 ? Integer.toString(status()) : null;
  }

  @Override
  public long startMillis() {
    return trace.startMillis();
  }

  @Override
  public long durationNanos() {
    return durationNanos;
  }

  @Override
  public long headersNanos() {
    return response == null ? -1 : headersNanos;
  }

  @Override
  public long requestBytes() {
    RequestBody body = call == null ? null : call.original.body();
    try {
      return body == null ? 0 : Math.max(0, body.contentLength());
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public long responseBytes() {
    return responseBytes.get();
  }

  @Override
  public @Nullable String requestHeader(String name) {
    Request request = call == null ? null : call.request;
    return request == null ? null : request.header(name);
  }

  @Override
  public @Nullable String responseHeader(String name) {
    return response == null ? null : response.header(name);
  }

  @Override
  public Peer source() {
    return self;
  }

  @Override
  public Peer destination() {
    Endpoint endpoint = endpoint();
    if (endpoint == null) {
      return Peer.NOBODY;
    }
    String account = endpoint.serviceAccount();
    String namespace = account.substring(0, Math.max(0, account.indexOf('/')));
    return Peer.of(
        endpoint.name(),
        namespace.isEmpty() ? namespaceOf(service()) : namespace,
        endpoint.labels());
  }

  private static String namespaceOf(String service) {
    int from = service.indexOf('.') + 1;
    int to = service.indexOf(".svc", from);
    return from > 0 && to > from ? service.substring(from, to) : "";
  }

  private @Nullable Endpoint endpoint() {
    return call == null || call.endpoint == null ? null : call.endpoint.endpoint();
  }

  @Override
  public String service() {
    return decision == null ? "" : decision.service();
  }

  @Override
  public String cluster() {
    return decision == null ? "" : decision.cluster();
  }

  @Override
  public @Nullable String upstreamHost() {
    Endpoint endpoint = endpoint();
    return endpoint == null ? null : endpoint.hostPort();
  }

  @Override
  public @Nullable String downstreamHost() {
    return null;
  }

  @Override
  public @Nullable String routeName() {
    return call == null ? null : call.routeName();
  }

  @Override
  public String connectionSecurity() {
    return call != null && call.events.mutual() != null ? "mutual_tls" : Peer.UNKNOWN;
  }

  @Override
  public int attempts() {
    return decision == null ? 0 : decision.attempts().size();
  }

  @Override
  public SpanContext span() {
    return trace.spanContext();
  }
}
