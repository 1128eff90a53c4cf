package io.meshclient.cli.upstream;

import java.io.IOException;

/** The body of a request ended early, or cannot be read: its sender has gone. */
public final class BrokenBody extends IOException {
  private static final long serialVersionUID = 1L;

  BrokenBody(String message) {
    super(message);
  }

  BrokenBody(String message, Throwable cause) {
    super(message, cause);
  }
}
