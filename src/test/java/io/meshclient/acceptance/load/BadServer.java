package io.meshclient.acceptance.load;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An endpoint that misbehaves in one way, or not at all. */
final class BadServer implements Closeable {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** How an endpoint answers a request; false closes the connection. */
  enum Way {
    GOOD {
      @Override
      boolean answer(OutputStream out) throws IOException {
        return write(out, OK);
      }
    },
    SILENT {
      @Override
      boolean answer(OutputStream out) throws InterruptedException {
        Thread.sleep(60_000);
        return false;
      }
    },
    RESETS_WITHIN_THE_BODY {
      @Override
      boolean answer(OutputStream out) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        return false;
      }
    },
    TRICKLES_ITS_HEAD {
      @Override
      boolean answer(OutputStream out) throws IOException, InterruptedException {
        return trickle(out, "HTTP/1.1 200 OK\r\nx-a: " + "a".repeat(2_000));
      }
    },
    TRICKLES_ITS_BODY {
      @Override
      boolean answer(OutputStream out) throws IOException, InterruptedException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n");
        return trickle(out, "a".repeat(2_000));
      }
    },
    GARBAGE {
      @Override
      boolean answer(OutputStream out) throws IOException {
        return write(out, "\u0000\u0001 this is not HTTP\r\n\r\n");
      }
    };

    abstract boolean answer(OutputStream out) throws IOException, InterruptedException;

    private static boolean write(OutputStream out, String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return true;
    }

    private static boolean trickle(OutputStream out, String text)
        throws IOException, InterruptedException {
      for (int i = 0; i < text.length(); i++) {
        write(out, text.substring(i, i + 1));
        Thread.sleep(15);
      }
      return true;
    }
  }

  private final Way way;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile ServerSocket listener;

  BadServer(Way way) throws IOException {
    this.way = way;
    this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    this.port = listener.getLocalPort();
    daemon(() -> accept(listener));
  }

  String hostPort() {
    return "127.0.0.1:" + port;
  }

  /** Connections that neither side has closed. */
  int open() {
    return open.size();
  }

  /** Closes the port and all connections. */
  void die() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** Listens again where it did. */
  void comeBack() throws IOException {
    ServerSocket again = new ServerSocket();
    again.setReuseAddress(true);
    again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
    listener = again;
    daemon(() -> accept(again));
  }

  @Override
  public void close() throws IOException {
    die();
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
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
      while (head(in) && way.answer(socket.getOutputStream())) {
        // The next request.
      }
    } catch (IOException | InterruptedException e) {
      // The client went.
    } finally {
      open.remove(socket);
    }
  }

  private static boolean head(BufferedReader in) throws IOException {
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    return line != null;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "bad-server");
    thread.setDaemon(true);
    thread.start();
  }
}
