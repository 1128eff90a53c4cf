package io.meshclient.examples.spans;

import com.google.gson.Gson;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Receives spans by <a href="https://opentelemetry.io/docs/specs/otlp/">OTLP</a> and keeps them:
 * over gRPC and over HTTP with Protocol Buffers, on one port, with gzip or without. Metrics and
 * logs are accepted and let go. {@code GET /traces/ID} answers a trace's spans in JSON, for those
 * who ask from another process. Safe from any thread.
 */
public final class OtlpReceiver implements SpanSource, AutoCloseable {
  /** Where a trace's spans are asked for, before its id. */
  static final String TRACES = "/traces/";

  private static final String GRPC = "application/grpc";
  private static final int MOST_SPANS = 100_000;
  private static final Gson JSON = new Gson();

  private final Server server;
  private final ServerConnector connector;
  private final List<ReceivedSpan> spans = new ArrayList<>();
  private final List<String> protocols = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  private OtlpReceiver(String address, int port) {
    QueuedThreadPool threads = new QueuedThreadPool(20);
    threads.setDaemon(true);
    threads.setName("otlp");
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    connector =
        new ServerConnector(
            server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost(address);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(new Exports());
    server.setStopTimeout(0);
  }

  /**
   * Listens.
   *
   * @param port 0 for a free one
   * @throws IOException if it cannot
   */
  public static OtlpReceiver start(String address, int port) throws IOException {
    OtlpReceiver receiver = new OtlpReceiver(address, port);
    try {
      receiver.server.start();
    } catch (Exception e) {
      receiver.close();
      throw new IOException("cannot listen for spans: " + e.getMessage(), e);
    }
    return receiver;
  }

  int port() {
    return connector.getLocalPort();
  }

  /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is to be. */
  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** Waits until it has stopped. */
  void join() throws InterruptedException {
    server.join();
  }

  /** The spans of one trace that have come so far. */
  List<ReceivedSpan> trace(String traceId) {
    return find(span -> span.traceId().equals(traceId));
  }

  /** The content types that exports came in, in order. */
  List<String> contentTypes() {
    lock.lock();
    try {
      return List.copyOf(protocols);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ReceivedSpan> await(
      String traceId, Predicate<List<ReceivedSpan>> enough, long time, TimeUnit unit)
      throws InterruptedException {
    long left = unit.toNanos(time);
    lock.lockInterruptibly();
    try {
      while (left > 0 && !enough.test(trace(traceId))) {
        left = more.awaitNanos(left);
      }
      return trace(traceId);
    } finally {
      lock.unlock();
    }
  }

  private List<ReceivedSpan> find(Predicate<ReceivedSpan> wanted) {
    lock.lock();
    try {
      return spans.stream().filter(wanted).toList();
    } finally {
      lock.unlock();
    }
  }

  private void keep(List<ReceivedSpan> received, String contentType) {
    lock.lock();
    try {
      protocols.add(contentType);
      if (spans.size() < MOST_SPANS) {
        spans.addAll(received);
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the receiver does not stop", e);
    }
  }

  private final class Exports extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      String path = request.getHttpURI().getPath();
      if (path.startsWith(TRACES)) {
        String found = JSON.toJson(trace(path.substring(TRACES.length())));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(found.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
      }
      String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
      boolean grpc = type.startsWith(GRPC);
      byte[] body = Content.Source.asInputStream(request).readAllBytes();
      if (path.equals("/v1/traces") || path.endsWith(".TraceService/Export")) {
        boolean zipped = "gzip".equals(request.getHeaders().get(HttpHeader.CONTENT_ENCODING));
        keep(OtlpSpans.of(grpc ? unframed(body) : zipped ? unzipped(body) : body), type);
      }
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, grpc ? GRPC : "application/x-protobuf");
      if (grpc) {
        response.setTrailersSupplier(() -> HttpFields.build().put("grpc-status", "0"));
      }
      // An empty message, behind the prefix of gRPC's frames.
      response.write(true, ByteBuffer.wrap(new byte[grpc ? 5 : 0]), callback);
      return true;
    }
  }

  private static byte[] unframed(byte[] body) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      boolean zipped = in.readByte() == 1;
      byte[] message = in.readNBytes(in.readInt());
      return zipped ? unzipped(message) : message;
    }
  }

  private static byte[] unzipped(byte[] body) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }
}
