package io.meshclient.cli.proxy;

import io.meshclient.access.PeerMode;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a handshake to end, and goes on in the protocol that was settled. A PERMISSIVE port has
 * TLS from clients only that name one of the mesh's protocols; others are cut off, as by Envoy,
 * where they match no filter chain.
 */
final class NegotiatedConnection extends AbstractConnection {
  private static final Logger log = LoggerFactory.getLogger(NegotiatedConnection.class);

  private final Connector connector;
  private final SSLEngine engine;
  private final ConnectionFactory http1;
  private final ConnectionFactory http2;
  private volatile boolean ofMesh;

  private NegotiatedConnection(
      Connector connector,
      EndPoint endPoint,
      SSLEngine engine,
      ConnectionFactory http1,
      ConnectionFactory http2) {
    super(endPoint, connector.getExecutor());
    this.connector = connector;
    this.engine = engine;
    this.http1 = http1;
    this.http2 = http2;
  }

  /** Makes these, once a connection turns out to be TLS. */
  static final class Factory extends AbstractConnectionFactory {
    static final String PROTOCOL = "mesh-tls";

    private final PortModes modes;
    private final ConnectionFactory http1;
    private final ConnectionFactory http2;

    /**
     * @param http1 also takes HTTP/2 that begins unasked
     */
    Factory(PortModes modes, ConnectionFactory http1, ConnectionFactory http2) {
      super(PROTOCOL);
      this.modes = modes;
      this.http1 = http1;
      this.http2 = http2;
    }

    @Override
    public NegotiatedConnection newConnection(Connector connector, EndPoint endPoint) {
      SSLEngine engine = ((SslConnection.SslEndPoint) endPoint).getSslConnection().getSSLEngine();
      NegotiatedConnection connection =
          new NegotiatedConnection(connector, endPoint, engine, http1, http2);
      connection.ofMesh = modes.of(endPoint) == PeerMode.STRICT;
      engine.setHandshakeApplicationProtocolSelector((of, offered) -> connection.choose(offered));
      configure(connection, connector, endPoint);
      return connection;
    }
  }

  private String choose(List<String> offered) {
    ofMesh |= IstioAlpn.isOfMesh(offered);
    return IstioAlpn.choose(offered);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    fillInterested();
  }

  @Override
  public void onFillable() {
    try {
      int filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER); // drives the handshake
      if (filled < 0) {
        close();
      } else if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        fillInterested();
      } else if (!ofMesh) {
        log.debug("Cut off: {} names no protocol of the mesh", getEndPoint());
        close();
      } else {
        boolean newest = IstioAlpn.HTTP_2.equals(engine.getApplicationProtocol());
        getEndPoint().upgrade((newest ? http2 : http1).newConnection(connector, getEndPoint()));
      }
    } catch (IOException e) {
      log.debug("No handshake: {}", getEndPoint(), e);
      close();
    }
  }
}
