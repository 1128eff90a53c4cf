package io.meshclient.cli.proxy;

import io.meshclient.cli.options.HostPort;
import java.io.IOException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server on one port, which passes on what it gets as it came, and adds nothing. */
final class ProxyServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyServer.class);
  private static final long DRAIN_MILLIS = 5_000;
  private static final long IDLE_MILLIS = 3_600_000; // Envoy's
  private static final int MOST_THREADS = 2_000;
  private static final int MOST_CONNECTIONS = 20_000; // more wait to be accepted
  private static final int WAITING_CONNECTIONS = 1_024;
  private static final int HEADER_BYTES = 64 << 10;
  private static final int ANSWER_HEADER_BYTES = 256 << 10;

  private final Server server;
  private final HostPort address;

  private ProxyServer(Server server, HostPort address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if it cannot listen there
   */
  static ProxyServer start(HostPort listen, Handler handler) throws IOException {
    return start(
        listen,
        handler,
        new PlainErrors(),
        new Connection.Listener() {},
        new HttpConnectionFactory(configuration()));
  }

  /**
   * The same with other ways to read a connection, such as TLS beside plaintext.
   *
   * @param errors words what the server refuses by itself
   * @param listener hears of each connection
   * @param connections the first is the one that a connection begins with
   */
  static ProxyServer start(
      HostPort listen,
      Handler handler,
      ErrorHandler errors,
      Connection.Listener listener,
      ConnectionFactory... connections)
      throws IOException {
    Server server = new Server(threads());
    WatchingConnector connector = new WatchingConnector(server, connections);
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(WAITING_CONNECTIONS);
    connector.addBean(listener);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
    server.setHandler(new GracefulHandler(handler));
    server.setErrorHandler(errors);
    server.setStopTimeout(DRAIN_MILLIS);
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      Throwable cause = e.getCause() instanceof IOException ? e.getCause() : e;
      throw new IOException(cause.getMessage(), e);
    }
    return new ProxyServer(server, new HostPort(listen.host(), connector.getLocalPort()));
  }

  /** Where it listens, with the real port. */
  HostPort address() {
    return address;
  }

  /** Waits until it has stopped. */
  void join() throws InterruptedException {
    server.join();
  }

  /** Stops listening, and waits a few seconds for requests under way. */
  @Override
  public void close() {
    stop(server);
  }

  /** Any target and header is the destination's to judge. */
  static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setSendXPoweredBy(false);
    http.setHeaderCacheCaseSensitive(true);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setMaxResponseHeaderSize(ANSWER_HEADER_BYTES);
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setHttpCompliance(
        HttpCompliance.RFC9110.with(
            "proxy",
            HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME,
            HttpCompliance.Violation.MISMATCHED_AUTHORITY));
    return http;
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
    threads.setName("mesh-proxy");
    if (VirtualThreads.areSupported()) {
      threads.setVirtualThreadsExecutor(
          VirtualThreads.getNamedVirtualThreadsExecutor("mesh-proxy-"));
    }
    return threads;
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      log.debug("Stopped with requests under way", e);
    }
  }
}
