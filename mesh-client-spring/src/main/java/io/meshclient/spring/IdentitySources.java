package io.meshclient.spring;

import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.KeyStoreSource;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SdsSource;
import io.meshclient.identity.WorkloadApiSource;
import java.util.Objects;
import java.util.stream.Stream;

/** The source of an identity that properties name. */
final class IdentitySources {
  static final String PREFIX = "mesh.client.identity";
  static final String ONE_OF =
      "set one of pem-directory, key-store, workload-api, sds below " + PREFIX;
  private static final String OF_ENVIRONMENT = "environment";

  private IdentitySources() {}

  /**
   * The source, when it has an identity.
   *
   * @throws MissingIdentityException if it has none in time
   */
  static IdentitySource started(IdentityProperties properties) {
    IdentitySource source = start(properties);
    if (properties.await().isZero()) {
      return source;
    }
    try {
      source.await(properties.await());
      return source;
    } catch (IdentityException e) {
      source.close();
      throw new MissingIdentityException(properties, e);
    } catch (InterruptedException e) {
      source.close();
      Thread.currentThread().interrupt();
      throw new MissingIdentityException(properties, e);
    }
  }

  private static IdentitySource start(IdentityProperties properties) {
    long given =
        Stream.of(
                properties.pemDirectory(),
                properties.keyStore(),
                properties.workloadApi(),
                properties.sds())
            .filter(Objects::nonNull)
            .count();
    if (given != 1) {
      throw new InvalidPropertyException(PREFIX, given + " sources", "one; " + ONE_OF);
    }
    if (properties.pemDirectory() != null) {
      return PemDirectorySource.start(properties.pemDirectory());
    }
    if (properties.keyStore() != null) {
      String password = properties.keyStorePassword() == null ? "" : properties.keyStorePassword();
      return KeyStoreSource.of(properties.keyStore(), password.toCharArray()).start();
    }
    if (properties.sds() != null) {
      return SdsSource.start(properties.sds());
    }
    String endpoint = Objects.requireNonNull(properties.workloadApi());
    return InvalidPropertyException.of(
        PREFIX + ".workload-api",
        () ->
            (endpoint.equals(OF_ENVIRONMENT)
                    ? WorkloadApiSource.ofEnvironment()
                    : WorkloadApiSource.at(endpoint))
                .start());
  }
}
