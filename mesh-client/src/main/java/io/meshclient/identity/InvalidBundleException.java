package io.meshclient.identity;

import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** A text is no trust bundle; the message says where and why, in one line. */
public final class InvalidBundleException extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  InvalidBundleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
