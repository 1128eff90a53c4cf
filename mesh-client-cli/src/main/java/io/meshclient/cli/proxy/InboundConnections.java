package io.meshclient.cli.proxy;

import io.meshclient.access.PeerMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a connection to one port can go on: mutual TLS beside plain text, and HTTP/2
 * beside HTTP/1.1 within both.
 */
final class InboundConnections {
  private static final ByteBuffer PREFACE =
      ByteBuffer.wrap("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

  private InboundConnections() {}

  /**
   * The ways, the first of which is the one that a connection begins with.
   *
   * @param heads bounds how long a head may take
   * @param tls {@code null} to take no TLS
   */
  static ConnectionFactory[] of(
      PortModes modes,
      HttpConfiguration settings,
      HeadTimes heads,
      @Nullable MutualTlsFactory tls) {
    HttpConnectionFactory http1 = new AnyTargets(settings, heads);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(settings);
    Refusing plainHttp2 =
        new Refusing(
            http2,
            InboundConnections::isPreface,
            bytes -> bytes.remaining() >= PREFACE.remaining(),
            endPoint -> endPoint.isSecure() || modes.of(endPoint) != PeerMode.STRICT);
    ConnectionFactory within = new FirstBytes(modes, http1, plainHttp2);
    NegotiatedConnection.Factory negotiated =
        new NegotiatedConnection.Factory(modes, within, http2);
    ConnectionFactory secured =
        tls == null ? http1 : new TlsConnections(tls, NegotiatedConnection.Factory.PROTOCOL);
    Refusing encrypted =
        new Refusing(
            secured,
            ClientHello::begins,
            ClientHello::isWhole,
            endPoint -> tls != null && modes.of(endPoint) != PeerMode.DISABLE);
    ConnectionFactory first = new FirstBytes(modes, http1, encrypted, plainHttp2);
    return tls == null
        ? new ConnectionFactory[] {first, http2, http1}
        : new ConnectionFactory[] {first, secured, negotiated, http2, http1};
  }

  private static boolean isPreface(ByteBuffer bytes) {
    int count = Math.min(bytes.remaining(), PREFACE.remaining());
    return PREFACE.slice(0, count).equals(bytes.slice(bytes.position(), count));
  }
}
