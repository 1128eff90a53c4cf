package io.meshclient.identity;

import java.io.IOException;

/**
 * An {@code x-forwarded-client-cert} header is malformed, or does not say what it would have to. It
 * must not be taken for a header that is missing. The message is one line of ASCII.
 */
public final class InvalidXfccException extends IOException {
  private static final long serialVersionUID = 1L;

  InvalidXfccException(String message) {
    super("x-forwarded-client-cert: " + message);
  }
}
