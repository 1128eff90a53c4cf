package io.meshclient.spring;

import io.meshclient.MeshClientBuilder;

/**
 * A bean that has the last word on the application's {@link io.meshclient.MeshClient}: what the
 * properties {@code mesh.client.*} say is there already. Several are asked in their order.
 */
@FunctionalInterface
public interface MeshClientBuilderCustomizer {

  /** Changes settings of the client to be. */
  void customize(MeshClientBuilder builder);
}
