package io.meshclient.cli.proxy;

import io.meshclient.access.PeerMode;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells TLS, HTTP/2 and HTTP/1.1 apart by the first bytes of a connection, and cuts off what the
 * port's mode does not take.
 */
final class FirstBytes extends DetectorConnectionFactory {
  private static final Logger log = LoggerFactory.getLogger(FirstBytes.class);

  private static final int MOST_BYTES = 20 << 10; // a client's first words may fill a record

  private final PortModes modes;
  private final ConnectionFactory http1;

  /**
   * @param known in the order in which they are asked
   * @param http1 for all others
   */
  FirstBytes(PortModes modes, ConnectionFactory http1, Detecting... known) {
    super(known);
    setInputBufferSize(MOST_BYTES);
    this.modes = modes;
    this.http1 = http1;
  }

  @Override
  protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer bytes) {
    if (isRefused(endPoint)) {
      endPoint.close();
      return;
    }
    upgradeToConnectionFactory(http1, connector, endPoint);
  }

  private boolean isRefused(EndPoint endPoint) {
    boolean refused = !endPoint.isSecure() && modes.of(endPoint) == PeerMode.STRICT;
    if (refused) {
      log.debug("Cut off: {} is plain text, and the mode is STRICT", endPoint);
    }
    return refused;
  }
}
