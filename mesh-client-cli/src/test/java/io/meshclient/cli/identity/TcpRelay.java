package io.meshclient.cli.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Passes one TCP connection on to a Unix domain socket. */
final class TcpRelay implements AutoCloseable {
  private final ServerSocketChannel listening = ServerSocketChannel.open();
  private final Path socket;

  private TcpRelay(Path socket) throws IOException {
    this.socket = socket;
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  static TcpRelay start(Path socket) throws IOException {
    TcpRelay relay = new TcpRelay(socket);
    daemon(relay::relay);
    return relay;
  }

  int port() throws IOException {
    return ((InetSocketAddress) listening.getLocalAddress()).getPort();
  }

  private void relay() {
    try (SocketChannel tcp = listening.accept();
        SocketChannel unix = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      daemon(() -> copy(unix, tcp));
      copy(tcp, unix);
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
