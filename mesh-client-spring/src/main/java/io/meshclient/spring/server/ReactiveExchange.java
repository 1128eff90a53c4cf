package io.meshclient.spring.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.context.HeaderSource;
import io.meshclient.server.ServerExchange;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A request to WebFlux, and its answer, which is written after the decision. For one thread at a
 * time.
 */
final class ReactiveExchange implements ServerExchange, HeaderSource {
  private final ServerWebExchange exchange;
  private final ServerHttpRequest request;
  private final ServerHttpResponse response;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private byte @Nullable [] body;
  private Runnable whenDone = () -> {};
  private @Nullable CountedBodies bodies;
  private boolean cut;

  ReactiveExchange(ServerWebExchange exchange) {
    this.exchange = exchange;
    this.request = exchange.getRequest();
    this.response = exchange.getResponse();
    // What else HttpHeaders tells of itself differs between Spring's lines.
    request.getHeaders().forEach((name, values) -> headers.put(name, List.copyOf(values)));
  }

  /**
   * Writes what was answered in the handler's place: from another thread, since Reactor Netty (<a
   * href="https://github.com/reactor/reactor-netty/issues/4361">issue 4361</a>) reads no more of a
   * connection where a request that waited for its turn is answered while it is handed on.
   */
  Mono<Void> answered() {
    return Mono.defer(this::written).subscribeOn(Schedulers.parallel());
  }

  private Mono<Void> written() {
    if (body == null || body.length == 0 || method().equals("HEAD")) {
      return response.setComplete();
    }
    DataBuffer buffer = response.bufferFactory().wrap(body);
    if (bodies != null) {
      bodies.written(body.length);
    }
    return response.writeWith(Mono.just(buffer));
  }

  boolean isAnswered() {
    return body != null;
  }

  boolean isCut() {
    return cut;
  }

  /** The answer is complete, or nobody waits for it any more. */
  void done() {
    whenDone.run();
  }

  @Override
  public String method() {
    return request.getMethod().name();
  }

  @Override
  public String target() {
    String query = request.getURI().getRawQuery();
    String path = request.getURI().getRawPath();
    String known = path == null || path.isEmpty() ? "/" : path;
    return query == null ? known : known + "?" + query;
  }

  @Override
  public String authority() {
    return String.join(",", values("host"));
  }

  @Override
  public HeaderSource headers() {
    return this;
  }

  @Override
  public Iterable<String> names() {
    return headers.keySet();
  }

  @Override
  public List<String> values(String name) {
    return headers.getOrDefault(name, List.of());
  }

  @Override
  public InetSocketAddress remote() {
    return requireNonNull(request.getRemoteAddress(), "remote address");
  }

  @Override
  public InetSocketAddress local() {
    return requireNonNull(request.getLocalAddress(), "local address");
  }

  @Override
  public boolean secured() {
    return request.getSslInfo() != null;
  }

  @Override
  public @Nullable SSLSession session() {
    return null; // Spring tells its certificates alone
  }

  @Override
  public List<X509Certificate> certificates() {
    SslInfo info = request.getSslInfo();
    X509Certificate[] shown = info == null ? null : info.getPeerCertificates();
    return shown == null ? List.of() : List.of(shown);
  }

  @Override
  public @Nullable String serverName() {
    return null; // nor this
  }

  @Override
  public boolean hasAnswerHeader(String name) {
    return response.getHeaders().getFirst(name) != null;
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    response.getHeaders().add(name, value);
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    response.getHeaders().set(name, value);
  }

  @Override
  public void answer(int status, String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
    response.setStatusCode(HttpStatusCode.valueOf(status));
    response.getHeaders().setContentLength(body.length);
  }

  /** As near to it as WebFlux lets a filter come. */
  @Override
  public void cut() {
    cut = true;
    endConnection();
    answer(403, "");
  }

  /** Servers end the connection for it, and keep the header off where the protocol has none. */
  @Override
  public void endConnection() {
    response.getHeaders().set("Connection", "close");
  }

  @Override
  public int status() {
    HttpStatusCode status = response.getStatusCode();
    return status == null ? (response.isCommitted() ? 200 : 0) : status.value();
  }

  @Override
  public void whenDone(Runnable task) {
    whenDone = task;
  }

  @Override
  public @Nullable String answerHeader(String name) {
    return response.getHeaders().getFirst(name);
  }

  @Override
  public @Nullable String route() {
    Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    return pattern instanceof PathPattern path
        ? request.getPath().contextPath().value() + path.getPatternString()
        : null;
  }

  @Override
  public void countBodies() {
    bodies = new CountedBodies();
  }

  @Override
  public long requestBytes() {
    return bodies == null ? -1 : bodies.read();
  }

  @Override
  public long responseBytes() {
    return bodies == null ? -1 : bodies.written();
  }

  /** The exchange as it goes on, counted where somebody wants that. */
  ServerWebExchange counted(ServerWebExchange decided) {
    return bodies == null ? decided : bodies.of(decided);
  }
}
