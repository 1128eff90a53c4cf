package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import io.meshclient.telemetry.Peer;
import io.meshclient.telemetry.RequestFacts;
import io.opentelemetry.api.trace.SpanContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of an inbound request. */
final class ServerFacts implements RequestFacts {
  private final Inbound request;
  private final Peer self;
  private final long startedNanos;
  private final long startMillis = System.currentTimeMillis();
  private final LongSupplier clock;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable AccessVerdict verdict;
  private volatile @Nullable String requestId;
  private volatile SpanContext span = SpanContext.getInvalid();
  private volatile long durationNanos = -1;

  ServerFacts(Inbound request, Peer self, long startedNanos, LongSupplier clock) {
    this.request = request;
    this.self = self;
    this.startedNanos = startedNanos;
    this.clock = clock;
  }

  /** The request goes on by this id. */
  void named(@Nullable String id) {
    requestId = id;
  }

  void failed(Throwable thrown) {
    failure = thrown;
  }

  void ended(@Nullable AccessVerdict decided, SpanContext of) {
    verdict = decided;
    span = of;
    durationNanos = clock.getAsLong() - startedNanos;
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public String method() {
    return request.exchange().method();
  }

  @Override
  public String scheme() {
    return request.exchange().secured() ? "https" : "http";
  }

  @Override
  public String authority() {
    return request.exchange().authority();
  }

  @Override
  public String path() {
    return request.exchange().target();
  }

  @Override
  public String protocol() {
    return request.exchange().protocol();
  }

  /** A handler that threw has the server answer 500, if there was no answer yet. */
  @Override
  public int status() {
    int status = request.exchange().status();
    return status == 0 && failure != null ? 500 : status;
  }

  @Override
  public String flags() {
    AccessVerdict decided = verdict;
    return decided != null && !decided.allowed() ? "UAEX" : "";
  }

  @Override
  public String details() {
    AccessVerdict decided = verdict;
    String refused = decided == null ? null : decided.details();
    return refused == null ? "via_upstream" : refused;
  }

  @Override
  public @Nullable String failure() {
    Throwable thrown = failure;
    return thrown == null ? null : thrown.toString();
  }

  @Override
  public @Nullable String error() {
    Throwable thrown = failure;
    if (thrown != null) {
      return thrown.getClass().getName();
    }
    return status() >= 500 ? Integer.toString(status()) : null;
  }

  @Override
  public long startMillis() {
    return startMillis;
  }

  @Override
  public long durationNanos() {
    return durationNanos < 0 ? clock.getAsLong() - startedNanos : durationNanos;
  }

  @Override
  public long headersNanos() {
    return durationNanos();
  }

  /** What was read; what was announced where nobody counts, or the handler read nothing. */
  @Override
  public long requestBytes() {
    long read = request.exchange().requestBytes();
    return read > 0 ? read : length(sentHeader("content-length"));
  }

  /** What was written, or where nobody counts what was announced. */
  @Override
  public long responseBytes() {
    int status = status();
    if (method().equals("HEAD") || status == 204 || status == 304) {
      return 0; // what a handler writes there, and announces, is not sent
    }
    long written = request.exchange().responseBytes();
    return written >= 0 ? written : length(request.exchange().answerHeader("content-length"));
  }

  private static long length(@Nullable String text) {
    try {
      return text == null ? 0 : Math.max(0, Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** As it was sent; a request id that none sent is the one that was made here. */
  @Override
  public @Nullable String requestHeader(String name) {
    String sent = sentHeader(name);
    boolean isMade = name.equals("x-request-id") && (sent == null || sent.isBlank());
    return isMade && requestId != null ? requestId : sent;
  }

  private @Nullable String sentHeader(String name) {
    List<String> values = request.exchange().headers().values(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public @Nullable String responseHeader(String name) {
    return request.exchange().answerHeader(name);
  }

  /** By its SPIFFE ID, whose last two parts are Kubernetes' namespace and service account. */
  @Override
  public Peer source() {
    var id = request.connection().peer();
    if (id == null) {
      return Peer.NOBODY;
    }
    String text = id.toString();
    int from = text.indexOf("/ns/");
    int to = from < 0 ? -1 : text.indexOf('/', from + 4);
    String namespace = to < 0 ? "" : text.substring(from + 4, to);
    return new Peer("", namespace, "", "", text);
  }

  @Override
  public Peer destination() {
    return self;
  }

  @Override
  public String service() {
    return self.app().equals(Peer.UNKNOWN) || self.namespace().equals(Peer.UNKNOWN)
        ? ""
        : self.app() + "." + self.namespace() + ".svc.cluster.local";
  }

  @Override
  public String cluster() {
    return "inbound|" + request.connection().port() + "||";
  }

  @Override
  public @Nullable String upstreamHost() {
    return null;
  }

  @Override
  public @Nullable String downstreamHost() {
    InetSocketAddress remote = request.exchange().remote();
    String address = remote.getAddress().getHostAddress();
    return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + remote.getPort();
  }

  @Override
  public @Nullable String routeName() {
    return "default";
  }

  @Override
  public @Nullable String httpRoute() {
    return request.exchange().route();
  }

  @Override
  public String connectionSecurity() {
    return request.connection().peer() == null ? "none" : "mutual_tls";
  }

  @Override
  public int attempts() {
    return 1;
  }

  @Override
  public SpanContext span() {
    return span;
  }
}
