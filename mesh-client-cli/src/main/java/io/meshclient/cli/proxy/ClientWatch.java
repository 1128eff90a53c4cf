package io.meshclient.cli.proxy;

import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Cancels a call when the client that asked for it goes away. It watches while there is a call and
 * the request's body has been read: before that, reading the body tells.
 */
final class ClientWatch implements AutoCloseable {
  private final @Nullable WatchedEndPoint client;
  private @Nullable Runnable cancel;
  private boolean bodyPending;
  private boolean closed;

  ClientWatch(EndPoint client) {
    this.client = client instanceof WatchedEndPoint watched ? watched : null;
  }

  /** There is a body that is read during the call. */
  void bodyPending() {
    bodyPending = true;
  }

  /** The body has been read to its end. */
  void bodyRead() {
    bodyPending = false;
    watch();
  }

  /** The client cannot be read any more. */
  void bodyBroken() {
    if (cancel != null) {
      cancel.run();
    }
  }

  /**
   * There is a call from now on.
   *
   * @param cancel ends it
   */
  void begin(Runnable cancel) {
    this.cancel = cancel;
    watch();
  }

  private void watch() {
    if (client != null && cancel != null && !bodyPending && !closed) {
      client.watch(cancel);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (client != null) {
      client.unwatch();
    }
  }
}
