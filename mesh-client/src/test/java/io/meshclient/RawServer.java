package io.meshclient;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server whose every byte a test decides. */
final class RawServer implements Closeable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** What its threads are called. */
  static final String THREAD = "raw-server";

  /** What becomes of a request; the connection stays open while it returns true. */
  interface Handler {
    boolean answer(Exchange exchange) throws IOException, InterruptedException;
  }

  private final Handler handler;
  private final boolean remembers;
  private final @Nullable RefusingPort port;
  private final Map<Socket, Thread> serving = new ConcurrentHashMap<>();
  private final Semaphore arrived = new Semaphore(0);
  private volatile ServerSocket listener;
  private volatile Thread accepting;
  final AtomicInteger connections = new AtomicInteger();
  final List<Exchange> requests = new CopyOnWriteArrayList<>();

  private RawServer(
      @Nullable RefusingPort port, ServerSocket listener, Handler handler, boolean remembers) {
    this.port = port;
    this.listener = listener;
    this.handler = handler;
    this.remembers = remembers;
    this.accepting = accepting(listener);
  }

  private Thread accepting(ServerSocket from) {
    Thread thread = thread(() -> accept(from));
    thread.start();
    return thread;
  }

  static RawServer start(Handler handler) throws IOException {
    RefusingPort port = new RefusingPort();
    return new RawServer(port, port.listen(), handler, true);
  }

  /** At a listener of its own, which it cannot open again. */
  static RawServer start(ServerSocket listener, Handler handler) {
    return new RawServer(null, listener, handler, true);
  }

  /** For more requests than should be kept. */
  static RawServer startForgetful(Handler handler) throws IOException {
    RefusingPort port = new RefusingPort();
    return new RawServer(port, port.listen(), handler, false);
  }

  String hostPort() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Waits until so many requests have come since the start. */
  void awaitRequests(int count) throws InterruptedException {
    if (!arrived.tryAcquire(count, 30, TimeUnit.SECONDS)) {
      throw new AssertionError(arrived.availablePermits() + " requests (expected: " + count + ")");
    }
    arrived.release(count);
  }

  /** Waits until there is no connection that neither side has closed. */
  void awaitClosed() throws InterruptedException {
    for (Thread serving : serving.values()) {
      serving.join(30_000);
    }
    if (!serving.isEmpty()) {
      throw new AssertionError(serving.size() + " connections (expected: none)");
    }
  }

  /** Requests so far. */
  int served() {
    return arrived.availablePermits();
  }

  /** Connections that neither side has closed. */
  int open() {
    return serving.size();
  }

  /** Closes all connections, and refuses others until it comes back. */
  void goAway() throws IOException {
    listener.close();
    awaitRefusal();
    for (Socket socket : serving.keySet()) {
      socket.close();
    }
  }

  /** The system goes on listening for as long as a thread is within accept. */
  private void awaitRefusal() throws IOException {
    try {
      accepting.join(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the port was being closed", e);
    }
  }

  /** Listens again where it did. */
  void comeBack() throws IOException {
    ServerSocket back = Objects.requireNonNull(port, "a port that it keeps").listen();
    listener = back;
    accepting = accepting(back);
  }

  /** Closes the port, for others to have, and all connections. */
  @Override
  public void close() throws IOException {
    goAway();
    if (port != null) {
      port.close();
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        connections.incrementAndGet();
        Thread thread = thread(() -> serve(socket));
        serving.put(socket, thread);
        thread.start();
      } catch (IOException e) {
        // Closed: the loop's condition ends it.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      Exchange exchange = Exchange.read(socket, in);
      while (exchange != null) {
        if (remembers) {
          requests.add(exchange);
        }
        arrived.release();
        if (!handler.answer(exchange)) {
          return;
        }
        exchange = Exchange.read(socket, in);
      }
    } catch (IOException | InterruptedException e) {
      // The client went.
    } finally {
      serving.remove(socket);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    return thread;
  }

  /** One request, and the socket to answer it on. */
  static final class Exchange {
    final Socket socket;
    final String line;
    final List<String> headers;
    final String body;

    private Exchange(Socket socket, String line, List<String> headers, String body) {
      this.socket = socket;
      this.line = line;
      this.headers = headers;
      this.body = body;
    }

    private static @Nullable Exchange read(Socket socket, BufferedReader in) throws IOException {
      String line = in.readLine();
      if (line == null) {
        return null;
      }
      List<String> headers = new ArrayList<>();
      int length = 0;
      for (String next = in.readLine(); next != null && !next.isEmpty(); next = in.readLine()) {
        headers.add(next);
        if (next.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(next.substring(15).strip());
        }
      }
      char[] body = new char[length];
      int read = 0;
      while (read < length) {
        int more = in.read(body, read, length - read);
        if (more < 0) {
          throw new SocketException("the body broke off");
        }
        read += more;
      }
      return new Exchange(socket, line, headers, new String(body));
    }

    /** The first line of a header. */
    @Nullable String header(String name) {
      for (String header : headers) {
        if (header.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
          return header.substring(name.length() + 1).strip();
        }
      }
      return null;
    }

    /** Sends text; keeps the connection. */
    boolean send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return true;
    }

    /** Sends text character by character, until the client goes. */
    boolean trickle(String text, int millisBetween) throws IOException {
      for (int i = 0; i < text.length(); i++) {
        send(text.substring(i, i + 1));
        if (isGoneWithin(millisBetween)) {
          return false;
        }
      }
      return true;
    }

    /** Says nothing until the client goes. */
    boolean silence() throws IOException {
      while (!isGoneWithin(60_000)) {
        // It may wait for longer.
      }
      return false;
    }

    /** Breaks the connection off as a crash does, not as a close. */
    boolean reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
      return false;
    }

    private boolean isGoneWithin(int millis) throws IOException {
      return isGone(socket, millis);
    }
  }

  /** Whether the client closes the connection within a time; it has nothing to say meanwhile. */
  static boolean isGone(Socket socket, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(0);
      }
    }
  }
}
