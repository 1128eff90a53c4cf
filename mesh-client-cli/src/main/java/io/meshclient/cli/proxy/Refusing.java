package io.meshclient.cli.proxy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A way to read connections that is taken only while it is allowed; else they are cut off. */
final class Refusing implements ConnectionFactory.Detecting {
  private static final Logger log = LoggerFactory.getLogger(Refusing.class);

  private final ConnectionFactory way;
  private final Predicate<ByteBuffer> begins;
  private final Predicate<ByteBuffer> enough;
  private final Predicate<EndPoint> allowed;

  /**
   * @param begins whether a connection that begins with these bytes may go that way
   * @param enough whether these bytes suffice to go it
   */
  Refusing(
      ConnectionFactory way,
      Predicate<ByteBuffer> begins,
      Predicate<ByteBuffer> enough,
      Predicate<EndPoint> allowed) {
    this.way = way;
    this.begins = begins;
    this.enough = enough;
    this.allowed = allowed;
  }

  @Override
  public Detection detect(ByteBuffer buffer) {
    if (!begins.test(buffer)) {
      return Detection.NOT_RECOGNIZED;
    }
    return enough.test(buffer) ? Detection.RECOGNIZED : Detection.NEED_MORE_BYTES;
  }

  @Override
  public String getProtocol() {
    return way.getProtocol();
  }

  @Override
  public List<String> getProtocols() {
    return way.getProtocols();
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    if (allowed.test(endPoint)) {
      return way.newConnection(connector, endPoint);
    }
    log.debug("Cut off: {} begins as {}, which is not taken here", endPoint, getProtocol());
    return new Closing(endPoint, connector);
  }

  /** Ends a connection at once. */
  private static final class Closing extends AbstractConnection implements Connection.UpgradeTo {

    Closing(EndPoint endPoint, Connector connector) {
      super(endPoint, connector.getExecutor());
    }

    @Override
    public void onUpgradeTo(ByteBuffer read) {}

    @Override
    public void onOpen() {
      super.onOpen();
      close();
    }

    @Override
    public void onFillable() {
      close();
    }
  }
}
