package io.meshclient.identity;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An identity cannot be had: a file, a key store, or an answer of the Workload API or SDS is not as
 * it must be, or is not there. The message is one line that says which and why, and has nothing
 * secret.
 */
public class IdentityException extends IOException {
  private static final long serialVersionUID = 1L;

  IdentityException(String message) {
    this(message, null);
  }

  IdentityException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
