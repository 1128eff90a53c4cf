package io.meshclient.spring.server;

import io.meshclient.server.ServerPipeline;

/**
 * A bean that has the last word on what becomes of requests that come in: what the properties
 * {@code mesh.client.inbound.*} say is there already. Several are asked in their order.
 */
@FunctionalInterface
public interface MeshServerCustomizer {

  /** Changes settings of the pipeline to be. */
  void customize(ServerPipeline.Builder builder);
}
