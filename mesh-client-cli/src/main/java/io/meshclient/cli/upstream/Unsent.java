package io.meshclient.cli.upstream;

import java.io.IOException;

/** A request that cannot be written as it is; nothing of it was sent. */
public final class Unsent extends IOException {
  private static final long serialVersionUID = 1L;

  Unsent(String message) {
    super(message);
  }
}
