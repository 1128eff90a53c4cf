package io.meshclient.spring;

import io.meshclient.MeshClientBuilder;
import io.meshclient.identity.IdentitySource;
import org.jspecify.annotations.Nullable;

/** What the builder is told of the workload's identity. */
final class MutualTlsSettings {
  private static final String MUTUAL_TLS = "mesh.client.identity.mutual-tls";

  private MutualTlsSettings() {}

  static void apply(
      IdentityProperties properties, @Nullable IdentitySource identity, MeshClientBuilder builder) {
    if (identity != null) {
      builder.identity(identity);
    } else if (!properties.mutualTls().isEmpty()) {
      throw new InvalidPropertyException(
          MUTUAL_TLS,
          properties.mutualTls(),
          "none without an identity; " + IdentitySources.ONE_OF);
    }
    String[] destinations = properties.mutualTls().toArray(String[]::new);
    InvalidPropertyException.of(MUTUAL_TLS, () -> builder.mutualTls(destinations));
  }
}
