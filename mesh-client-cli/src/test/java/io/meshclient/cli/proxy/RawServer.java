package io.meshclient.cli.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that says exactly what a test has it say. */
final class RawServer implements AutoCloseable {

  /** A request as it was on the wire. */
  record Received(List<String> head, byte[] body, InputStream in) {
    String line() {
      return head.get(0);
    }

    String value(String name) {
      return Wire.value(head, name);
    }
  }

  /** What is said to a request; the connection is closed when it throws. */
  interface Script {
    void answer(Received request, OutputStream out) throws Exception;
  }

  private final ServerSocket listening;
  private final Script script;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  RawServer(Script script) throws IOException {
    this.script = script;
    listening = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** A server that answers 200 with these words. */
  static RawServer saying(String words) throws IOException {
    return new RawServer((request, out) -> out.write(Wire.bytes(ok(words))));
  }

  static String ok(String words) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + words.length() + "\r\n\r\n" + words;
  }

  int port() {
    return listening.getLocalPort();
  }

  List<Received> received() {
    return received;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (List<String> head = Wire.head(in); !head.isEmpty(); head = Wire.head(in)) {
        Received request = new Received(head, Wire.body(in, head), in);
        received.add(request);
        script.answer(request, socket.getOutputStream());
        socket.getOutputStream().flush();
      }
    } catch (Exception e) {
      // the connection ends with it
    } finally {
      open.remove(socket);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }
}
