package io.meshclient.identity;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * An SVID is not accepted. It is a {@link CertificateException} so that a trust manager can throw
 * it as it is; a JWT-SVID is refused with it too. The message is one line, and has nothing secret.
 */
public final class SvidRejectedException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final SvidRejection reason;
  private final transient @Nullable SpiffeId id;

  SvidRejectedException(SvidRejection reason, @Nullable SpiffeId id, String details) {
    this(reason, id, details, null);
  }

  SvidRejectedException(
      SvidRejection reason, @Nullable SpiffeId id, String details, @Nullable Throwable cause) {
    super((id == null ? "" : id + ": ") + details, cause);
    this.reason = reason;
    this.id = id;
  }

  public SvidRejection reason() {
    return reason;
  }

  /** The ID that it claims, not proven; {@code null} where it was not read so far. */
  public @Nullable SpiffeId id() {
    return id;
  }
}
