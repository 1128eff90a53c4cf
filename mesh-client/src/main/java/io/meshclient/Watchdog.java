package io.meshclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.SocketFactory;
import okhttp3.Connection;
import okhttp3.Protocol;
import okio.AsyncTimeout;

/**
 * Ends a try when its time is up, by closing its socket: OkHttp's own times begin anew with every
 * byte that arrives, and with every address that is dialled. A connection that has other calls'
 * streams is left alone: there the try's own stream ends, whose time is exact.
 */
final class Watchdog extends AsyncTimeout {
  private final CallEvents events;
  private final Queue<Socket> dialled = new ConcurrentLinkedQueue<>();
  private volatile boolean late;

  /**
   * @param deadlineNanos by {@link System#nanoTime}
   */
  Watchdog(CallEvents events, long deadlineNanos) {
    this.events = events;
    deadlineNanoTime(deadlineNanos);
  }

  @Override
  protected void timedOut() {
    late = true;
    Connection connection = events.connection();
    if (events.end()) {
      return;
    }
    if (connection != null) {
      end(connection);
    } else {
      dialled.forEach(Watchdog::close);
    }
  }

  /** Whether its time is up. */
  boolean isLate() {
    return late;
  }

  /** The try has a connection: too late, if its time was up before. */
  void acquired(Connection connection) {
    if (late) {
      end(connection);
    }
  }

  private static void end(Connection connection) {
    if (connection.protocol() == Protocol.HTTP_1_1 || connection.protocol() == Protocol.HTTP_1_0) {
      close(connection.socket());
    }
  }

  /** The same sockets, of which this learns. OkHttp pools connections whatever their factory. */
  SocketFactory watching(SocketFactory sockets) {
    return new Watching(sockets);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up either way.
    }
  }

  private final class Watching extends SocketFactory {
    private final SocketFactory sockets;

    Watching(SocketFactory sockets) {
      this.sockets = sockets;
    }

    @Override
    public Socket createSocket() throws IOException {
      Socket socket = sockets.createSocket();
      dialled.add(socket);
      if (late) {
        close(socket);
      }
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return sockets.createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return sockets.createSocket(host, port, local, localPort);
    }
  }
}
