package io.meshclient.spring;

import org.jspecify.annotations.Nullable;

/** The source that properties name gave no identity in time. */
final class MissingIdentityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingIdentityException(IdentityProperties properties, Exception cause) {
    super(
        named(properties)
            + ": no identity within "
            + properties.await().toMillis()
            + " ms (expected: one): "
            + root(cause),
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

  private static @Nullable String root(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage();
  }
}
