package io.meshclient.identity;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an API is served on this machine, in the form of {@code SPIFFE_ENDPOINT_SOCKET} (SPIFFE
 * Workload Endpoint, section 4): {@code unix:///path} or {@code tcp://address:port}.
 */
record GrpcEndpoint(SocketAddress address) {

  static GrpcEndpoint unix(Path socket) {
    return new GrpcEndpoint(UnixDomainSocketAddress.of(socket));
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static GrpcEndpoint parse(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.isOpaque()) {
        throw wrong(text, null);
      }
      String scheme = uri.getScheme();
      String path = uri.getPath();
      if ("unix".equals(scheme) && uri.getRawAuthority() == null && path.length() > 1) {
        return unix(Path.of(path));
      }
      String host = uri.getHost();
      if ("tcp".equals(scheme)
          && path.isEmpty()
          && uri.getRawUserInfo() == null
          && host != null
          && isAddress(host)
          && uri.getPort() > 0
          && uri.getPort() < 1 << 16) {
        // No name is looked up: the host is an address.
        return new GrpcEndpoint(new InetSocketAddress(host, uri.getPort()));
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw wrong(text, e);
    }
    throw wrong(text, null);
  }

  private static boolean isAddress(String host) {
    if (host.startsWith("[")) {
      return true;
    }
    boolean digits = true;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      digits &= c == '.' || c >= '0' && c <= '9';
    }
    return digits;
  }

  private static IllegalArgumentException wrong(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "endpoint: " + Quoted.of(text) + " (expected: unix:///path or tcp://address:port)", cause);
  }

  /** In the form that it is read from. */
  @Override
  public String toString() {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.getAddress().getHostAddress();
      return "tcp://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
    return "unix://" + address;
  }
}
