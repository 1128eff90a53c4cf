package io.meshclient.examples.pods;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The process in a pod that connects on behalf of those outside: it listens on a Unix socket, which
 * knows no networks, and each connection begins with a line that says where to.
 */
final class Relay {
  private static final int MOST = 300;

  private final ExecutorService threads;

  private Relay(ExecutorService threads) {
    this.threads = threads;
  }

  public static void main(String[] args) throws IOException {
    Relay relay = new Relay(Executors.newCachedThreadPool());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(args[0]));
      System.out.println(Door.READY);
      while (true) {
        SocketChannel caller = server.accept();
        relay.threads.execute(() -> relay.serve(caller));
      }
    }
  }

  private void serve(SocketChannel caller) {
    try {
      String[] target = line(caller).split(" ", 2);
      SocketChannel callee =
          SocketChannel.open(new InetSocketAddress(target[0], Integer.parseInt(target[1])));
      Splice.run(caller, callee, threads);
    } catch (IOException | RuntimeException e) {
      System.out.println("not connected: " + e);
      Splice.close(caller);
    }
  }

  /** Byte by byte: what follows the line is for others. */
  private static String line(SocketChannel caller) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(MOST);
    ByteBuffer one = ByteBuffer.allocate(1);
    while (caller.read(one.clear()) > 0 && one.get(0) != '\n') {
      line.put(one.get(0));
    }
    return new String(line.array(), 0, line.position(), StandardCharsets.UTF_8);
  }
}
