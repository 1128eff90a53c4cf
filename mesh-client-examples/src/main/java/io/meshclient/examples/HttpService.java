package io.meshclient.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.meshclient.MeshClient;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentityTls;
import io.meshclient.server.MeshHttpFilter;
import io.meshclient.telemetry.MeshTelemetry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the services have in common: the JDK's server, the library's filter, {@code /health}. */
final class HttpService implements AutoCloseable {

  /** Answers a request; the headers that travel are in the thread's context. */
  interface Handler {
    Reply handle(String method, String path) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(HttpService.class);
  private static final int THREADS = 64;

  /** The one that rules mean, wherever the service listens. */
  private static final int SERVICE_PORT = 8080;

  static {
    // Seconds to read a request, and to answer it. The server has no other way to be told.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
    // Else a small answer's body waits until the client has acknowledged its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Settings settings;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicInteger underWay = new AtomicInteger();
  private final MeshClient mesh;
  private final @Nullable MetricsServer metrics;

  private HttpService(
      Settings settings, HttpServer server, MeshClient mesh, @Nullable MetricsServer metrics) {
    this.settings = settings;
    this.server = server;
    this.mesh = mesh;
    this.metrics = metrics;
  }

  /**
   * Listens; {@link #close} closes the client too.
   *
   * @param mesh whose rules say who may call
   * @throws IOException if the port is taken
   */
  static HttpService start(Settings settings, Handler handler, MeshClient mesh) throws IOException {
    IdentityTls tls = settings.tls();
    HttpService service =
        new HttpService(
            settings, bind(settings.address(), tls, mesh), mesh, settings.metricsServer());
    service.server.setExecutor(service.threads);
    MeshHttpFilter.Builder filter =
        MeshHttpFilter.builder().policy(settings.propagation()).telemetry(mesh.telemetry());
    if (tls != null) {
      filter.identity(tls).inboundRules(mesh).servicePort(SERVICE_PORT);
    }
    service
        .server
        .createContext("/", exchange -> service.answer(exchange, handler))
        .getFilters()
        .add(filter.build());
    service.server.start();
    return service;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Where its metrics are read; 0 for nowhere but beside its requests. */
  int metricsPort() {
    return metrics == null ? 0 : metrics.port();
  }

  /** Says where it listens, and closes when the process is told to end. */
  void serve() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
    System.out.println(settings.pod() + " listening on port " + port());
  }

  /** Lets the requests under way end, for a second at most. */
  @Override
  public void close() {
    server.stop(underWay.get() == 0 ? 0 : 1);
    threads.shutdownNow();
    mesh.close();
    if (metrics != null) {
      metrics.close();
    }
    settings.telemetry().close();
    if (settings.identity() != null) {
      settings.identity().close();
    }
  }

  private static HttpServer bind(
      InetSocketAddress address, @Nullable IdentityTls tls, MeshClient mesh) throws IOException {
    try {
      if (tls == null) {
        return HttpServer.create(address, 0);
      }
      HttpsServer server = HttpsServer.create(address, 0);
      // Whoever proves who they are gets in; whether they may is said request by request.
      server.setHttpsConfigurator(
          new HttpsConfigurator(tls.serverContext(ExpectedPeer.any(), true)));
      return server;
    } catch (BindException e) {
      mesh.close();
      String where = address.getHostString() + ":" + address.getPort();
      throw new IOException(
          "cannot listen on " + where + ": " + e.getMessage() + " (expected: a free port here)", e);
    }
  }

  private void answer(HttpExchange exchange, Handler handler) throws IOException {
    underWay.incrementAndGet();
    try (exchange) {
      Reply reply = reply(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), handler);
      exchange.getResponseHeaders().set("content-type", reply.type());
      exchange.getResponseHeaders().set("x-served-by", settings.pod());
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      boolean silent = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(reply.status(), silent ? -1 : body.length);
      if (!silent) {
        exchange.getResponseBody().write(body);
      }
    } finally {
      underWay.decrementAndGet();
    }
  }

  private Reply reply(String method, @Nullable String path, Handler handler) {
    if (path == null) {
      return Reply.error(400, "no path");
    }
    if (path.equals("/health")) {
      return Reply.text(200, "ok");
    }
    if (path.equals("/metrics")) {
      MeshTelemetry telemetry = settings.telemetry();
      return new Reply(200, MeshTelemetry.prometheusType(), telemetry.prometheus());
    }
    try {
      int fault = settings.faults().next(method + " " + path);
      return fault == 0
          ? handler.handle(method, path)
          : Reply.error(fault, "as SERVICE_FAULTS says");
    } catch (IOException | RuntimeException e) {
      log.error("Failed: {} {}", method, path, e);
      return Reply.error(500, String.valueOf(e.getMessage()));
    }
  }
}
