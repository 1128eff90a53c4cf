package io.meshclient;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server whose every byte a test decides. */
final class RawServer implements Closeable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** What becomes of a request; the connection stays open while it returns true. */
  interface Handler {
    boolean answer(Exchange exchange) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  final AtomicInteger connections = new AtomicInteger();
  final List<Exchange> requests = new CopyOnWriteArrayList<>();

  private RawServer(ServerSocket listener, Handler handler) {
    this.listener = listener;
    this.handler = handler;
  }

  static RawServer start(Handler handler) throws IOException {
    return start(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), handler);
  }

  static RawServer start(ServerSocket listener, Handler handler) {
    RawServer server = new RawServer(listener, handler);
    daemon(server::accept);
    return server;
  }

  String hostPort() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Connections that neither side has closed. */
  int open() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        daemon(() -> serve(socket));
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
        requests.add(exchange);
        if (!handler.answer(exchange)) {
          return;
        }
        exchange = Exchange.read(socket, in);
      }
    } catch (IOException | InterruptedException e) {
      // The client went.
    } finally {
      open.remove(socket);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "raw-server");
    thread.setDaemon(true);
    thread.start();
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

    /** Sends text character by character. */
    boolean trickle(String text, long millisBetween) throws IOException, InterruptedException {
      for (int i = 0; i < text.length(); i++) {
        send(text.substring(i, i + 1));
        Thread.sleep(millisBetween);
      }
      return true;
    }
  }
}
