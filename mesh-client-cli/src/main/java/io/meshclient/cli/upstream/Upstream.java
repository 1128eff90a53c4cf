package io.meshclient.cli.upstream;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 server, and the connections to it that lie idle. Safe from any thread. */
public final class Upstream implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int MOST_IDLE = 512;

  /** Shorter than servers' own, so that a request seldom meets a connection that is closing. */
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final String host;
  private final int port;
  private final boolean secured;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
  private boolean closed;

  private Upstream(String host, int port, boolean secured) {
    this.host = host;
    this.port = port;
    this.secured = secured;
  }

  /**
   * The server at a URL.
   *
   * @throws IllegalArgumentException if it is none, or has a path
   */
  public static Upstream of(URI url) {
    boolean secured = "https".equalsIgnoreCase(url.getScheme());
    boolean plain = "http".equalsIgnoreCase(url.getScheme());
    String path = url.getRawPath();
    if (!secured && !plain
        || url.getHost() == null
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || url.getRawUserInfo() != null
        || path != null && !path.isEmpty() && !path.equals("/")) {
      throw new IllegalArgumentException("\"" + url + "\" (expected: http://HOST:PORT)");
    }
    int port = url.getPort() > 0 ? url.getPort() : secured ? 443 : 80;
    return new Upstream(url.getHost(), port, secured);
  }

  /** A call under way, for whoever may want to end it early. */
  public static final class Call {
    private volatile boolean cancelled;
    private volatile @Nullable UpstreamConnection connection;

    /** Closes its connection; whoever reads there hears of it. */
    public void cancel() {
      cancelled = true;
      UpstreamConnection current = connection;
      if (current != null) {
        current.close();
      }
    }

    public boolean isCancelled() {
      return cancelled;
    }

    private void on(UpstreamConnection current) throws IOException {
      connection = current;
      if (cancelled) {
        current.close();
        throw new IOException("cancelled");
      }
    }
  }

  /**
   * Sends a request, and waits for the head of the answer. One that can be repeated, and met a
   * connection that was over before, is sent once more.
   *
   * @throws BrokenBody if the request's body cannot be read
   * @throws Unsent if the request cannot be written
   * @throws java.net.ConnectException if the server takes no connection
   * @throws IOException if there is no answer, or none that can be relied on
   */
  public Answer send(Outgoing request, Call call) throws IOException {
    requireNonNull(request, "request");
    UpstreamConnection kept = kept();
    if (kept != null) {
      try {
        return exchange(kept, request, call);
      } catch (BrokenBody | Unsent e) {
        throw e;
      } catch (IOException e) {
        if (!request.isRepeatable() || call.isCancelled()) {
          throw e;
        }
      }
    }
    return exchange(connect(), request, call);
  }

  private Answer exchange(UpstreamConnection connection, Outgoing request, Call call)
      throws IOException {
    boolean answered = false;
    try {
      call.on(connection);
      boolean whole = send(connection, request);
      AnswerHead head = connection.head(request);
      AnswerBody body = connection.body(head);
      answered = true;
      return new Answer(
          head,
          body,
          connection.output(),
          () -> {
            boolean http = head.persistent() && !head.upgrades();
            release(connection, whole && http && body.hasEnded() && !call.isCancelled());
          });
    } finally {
      if (!answered) {
        connection.close();
      }
    }
  }

  /** Whether all was sent. A server may answer, and close, before it has read a body. */
  private boolean send(UpstreamConnection connection, Outgoing request) throws IOException {
    try {
      connection.send(request, port == 80 || port == 443 ? host : host + ":" + port);
      return true;
    } catch (BrokenBody | Unsent e) {
      throw e;
    } catch (IOException e) {
      if (request.body() == null) {
        throw e;
      }
      return false;
    }
  }

  private @Nullable UpstreamConnection kept() {
    for (UpstreamConnection next = poll(); next != null; next = poll()) {
      if (System.nanoTime() - next.idleSince() < KEEP_NANOS && next.isQuiet()) {
        return next;
      }
      next.close();
    }
    return null;
  }

  private @Nullable UpstreamConnection poll() {
    lock.lock();
    try {
      return idle.pollLast();
    } finally {
      lock.unlock();
    }
  }

  private UpstreamConnection connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return new UpstreamConnection(secured ? secured(socket) : socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Socket secured(Socket plain) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Back among the idle ones, if it may serve another request. */
  private void release(UpstreamConnection connection, boolean reusable) {
    if (!reusable || !connection.isClean() || !keep(connection)) {
      connection.close();
    }
  }

  private boolean keep(UpstreamConnection connection) {
    connection.rest(System.nanoTime());
    lock.lock();
    try {
      return !closed && idle.size() < MOST_IDLE && idle.offerLast(connection);
    } finally {
      lock.unlock();
    }
  }

  /** Closes what lies idle; what is under way ends by itself. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.forEach(UpstreamConnection::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
