package io.meshclient.cli.proxy;

import io.meshclient.cli.upstream.Answer;
import io.meshclient.cli.upstream.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A client's connection that goes on as a WebSocket: bytes go both ways until one side ends. The
 * handshake was decided about; nothing that follows is looked at, as by a sidecar.
 */
final class WebSocketTunnel extends AbstractConnection implements Connection.UpgradeTo {
  static final int STATUS = 101;
  private static final int STEP_BYTES = 16 << 10;

  private final Answer service;
  private final long idleMillis;
  private final ByteBuffer step = BufferUtil.allocate(STEP_BYTES);

  private WebSocketTunnel(EndPoint client, Executor executor, Answer service, long idleMillis) {
    super(client, executor);
    this.service = service;
    this.idleMillis = idleMillis;
  }

  /**
   * Answers as the service did; the connection goes on when that is sent.
   *
   * @param service closed with the tunnel
   */
  static void prepare(Answer service, Request request, Response response) throws IOException {
    EndPoint client = InboundExchange.endPoint(request);
    long idle = request.getConnectionMetaData().getHttpConfiguration().getIdleTimeout();
    response.setStatus(STATUS);
    service.connection().forEach(value -> response.getHeaders().add("Connection", value));
    for (Field field : service.fields()) {
      response.getHeaders().add(new HttpField(null, field.name(), field.value()));
    }
    Request.addCompletionListener(
        request,
        failure -> {
          if (failure != null) { // there is no connection to go on by
            service.close();
          }
        });
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
        new WebSocketTunnel(client, request.getContext(), service, idle));
  }

  /** What the client has sent already. */
  @Override
  public void onUpgradeTo(ByteBuffer early) {
    try {
      toService(early);
    } catch (IOException e) {
      close();
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(idleMillis);
    getExecutor().execute(this::toClient);
    fillInterested();
  }

  @Override
  public void onFillable() {
    try {
      while (true) {
        BufferUtil.clear(step);
        int count = getEndPoint().fill(step);
        if (count < 0) {
          close();
          return;
        }
        if (count == 0) {
          fillInterested();
          return;
        }
        toService(step);
      }
    } catch (IOException e) {
      close();
    }
  }

  private void toService(ByteBuffer bytes) throws IOException {
    service.output().write(BufferUtil.toArray(bytes));
    service.output().flush();
  }

  private void toClient() {
    byte[] bytes = new byte[STEP_BYTES];
    try {
      for (int n = service.body().read(bytes); n >= 0; n = service.body().read(bytes)) {
        try (Blocker.Callback written = Blocker.callback()) {
          getEndPoint().write(written, ByteBuffer.wrap(bytes, 0, n));
          written.block();
        }
      }
    } catch (IOException e) {
      // One of them is gone: so is the tunnel.
    } finally {
      close();
    }
  }

  @Override
  public void onClose(Throwable cause) {
    service.close();
    super.onClose(cause);
  }
}
