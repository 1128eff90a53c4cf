package io.meshclient.cli.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gRPC server on a Unix domain socket, over HTTP/2 without TLS; a thread for each call. */
final class GrpcServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GrpcServer.class);
  private static final int MOST_THREADS = 500;

  /** Answers a call; returning is the status OK. */
  interface Method {
    void answer(GrpcExchange call) throws IOException, GrpcFault, InterruptedException;
  }

  private final Server server;

  private GrpcServer(Server server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param methods by their paths: {@code /service/method}
   * @throws IOException if it cannot listen there
   */
  static GrpcServer start(Path socket, Map<String, Method> methods) throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
    threads.setName("mesh-identity");
    threads.setDaemon(true);
    Server server = new Server(threads);
    UnixConnector connector =
        new UnixConnector(
            server, socket, new HTTP2CServerConnectionFactory(new HttpConfiguration()));
    // Streams are silent for as long as nothing changes.
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(new Calls(Map.copyOf(methods)));
    server.setStopTimeout(0);
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IOException(socket + ": " + e.getMessage(), e);
    }
    return new GrpcServer(server);
  }

  private static final class Calls extends Handler.Abstract {
    private final Map<String, Method> methods;

    Calls(Map<String, Method> methods) {
      this.methods = methods;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      HttpFields.Mutable trailers = HttpFields.build();
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/grpc");
      response.setTrailersSupplier(() -> trailers);
      String path = request.getHttpURI().getPath();
      GrpcExchange call = new GrpcExchange(request, response);
      try {
        answer(path, call, trailers);
        call.end();
        callback.succeeded();
      } catch (IOException e) {
        log.debug("{}: the client is gone", path, e);
        callback.failed(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        callback.failed(e);
      }
      return true;
    }

    private void answer(String path, GrpcExchange call, HttpFields.Mutable trailers)
        throws IOException, InterruptedException {
      Method method = methods.get(path);
      try {
        if (method == null) {
          throw new GrpcFault(GrpcFault.UNIMPLEMENTED, "no method " + path);
        }
        method.answer(call);
        trailers.put("grpc-status", "0");
      } catch (GrpcFault e) {
        trailers.put("grpc-status", Integer.toString(e.code));
        trailers.put("grpc-message", String.valueOf(e.getMessage()));
      }
    }
  }

  /** Waits until it has stopped. */
  void join() throws InterruptedException {
    server.join();
  }

  /** Stops at once; calls break off. */
  @Override
  public void close() {
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      log.debug("Stopped with calls under way", e);
    }
  }
}
