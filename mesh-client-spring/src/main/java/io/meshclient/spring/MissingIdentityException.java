package io.meshclient.spring;

/** The source that properties name gave no identity in time. */
final class MissingIdentityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingIdentityException(IdentityProperties properties, Exception cause) {
    super(
        named(properties)
            + ": no identity within "
            + properties.await().toMillis()
            + " ms (expected: one)"
            + reason(cause),
        cause);
  }

  private static String named(IdentityProperties properties) {
    if (properties.pemDirectory() != null) {
      return IdentitySources.PREFIX + ".pem-directory=" + properties.pemDirectory();
    }
    if (properties.keyStore() != null) {
      return IdentitySources.PREFIX + ".key-store=" + properties.keyStore();
    }
    return properties.sds() == null
        ? IdentitySources.PREFIX + ".workload-api=" + properties.workloadApi()
        : IdentitySources.PREFIX + ".sds=" + properties.sds();
  }

  /** The waiting source's own words repeat how long; what it was waiting for is their cause. */
  private static String reason(Exception failure) {
    if (failure instanceof InterruptedException) {
      return ": interrupted";
    }
    Throwable why = failure.getCause();
    return why == null ? "" : ": " + why.getMessage();
  }
}
