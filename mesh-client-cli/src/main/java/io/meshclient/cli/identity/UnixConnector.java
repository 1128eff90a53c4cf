package io.meshclient.cli.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a Unix domain socket, which only the owner may open. Jetty's own connector configures
 * TCP sockets, which these channels have none of.
 */
final class UnixConnector extends ServerConnector {
  private final Path path;
  private volatile @Nullable ServerSocketChannel listening;

  UnixConnector(Server server, Path path, ConnectionFactory... connections) {
    super(server, connections);
    this.path = path;
  }

  @Override
  public void open() throws IOException {
    if (listening != null) {
      return;
    }
    removeStale();
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    listening = channel;
  }

  /**
   * The socket of a process that is gone is in the way; one that answers, or a file, is not ours.
   */
  private void removeStale() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
      throw new IOException("is there, and is no socket");
    }
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      Files.delete(path);
      return;
    }
    throw new IOException("another process listens there");
  }

  @Override
  public boolean isOpen() {
    ServerSocketChannel channel = listening;
    return channel != null && channel.isOpen();
  }

  @Override
  public void accept(int acceptor) throws IOException {
    ServerSocketChannel channel = listening;
    if (channel != null && channel.isOpen()) {
      SocketChannel accepted = channel.accept();
      accepted.configureBlocking(false);
      getSelectorManager().accept(accepted);
    }
  }

  @Override
  public void close() {
    ServerSocketChannel channel = listening;
    listening = null;
    if (channel != null) {
      try {
        channel.close();
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw new UncheckedIOException(path + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public @Nullable Object getTransport() {
    return listening;
  }
}
