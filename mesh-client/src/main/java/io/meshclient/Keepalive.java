package io.meshclient;

import io.meshclient.policy.PoolLimits;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/** Sets TCP's keep-alive on a connection. */
final class Keepalive {

  private Keepalive() {}

  /** Sets what the system lets one set; of TLS, which hides the socket, that it is on. */
  static void set(Socket socket, PoolLimits.Keepalive keepalive) throws IOException {
    socket.setKeepAlive(true);
    if (socket instanceof SSLSocket) {
      return;
    }
    set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, keepalive.probes());
    set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, keepalive.seconds());
    set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, keepalive.interval());
  }

  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (value > 0 && socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }
}
