package io.meshclient;

import java.net.ConnectException;

/**
 * The mesh's proxy beside the workload took no connection: nothing was sent, and nothing is said
 * about the destination. Before the proxy is ready it is worth trying again.
 */
public final class LocalProxyException extends ConnectException {
  private static final long serialVersionUID = 1L;

  private final boolean notReady;

  LocalProxyException(String message, boolean notReady, ConnectException cause) {
    super(message);
    this.notReady = notReady;
    initCause(cause);
  }

  /** Whether the proxy was known not to take requests yet, or any more. */
  public boolean isNotReady() {
    return notReady;
  }
}
