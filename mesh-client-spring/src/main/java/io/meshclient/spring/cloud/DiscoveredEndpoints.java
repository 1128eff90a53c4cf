package io.meshclient.spring.cloud;

import io.meshclient.MeshClient;
import io.meshclient.policy.StaticEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationListener;

/**
 * Tells the client where services run, at the start and whenever the registry's own client has
 * news. A registry that cannot be asked changes nothing: the last known endpoints stay.
 */
final class DiscoveredEndpoints
    implements SmartInitializingSingleton, ApplicationListener<HeartbeatEvent> {
  private static final Logger log = LoggerFactory.getLogger(DiscoveredEndpoints.class);

  private final DiscoveryClient registry;
  private final MeshClient mesh;
  private final MetadataLabels labels;
  private volatile List<StaticEndpoint> last = List.of();

  /**
   * @param version which metadata is the version
   */
  DiscoveredEndpoints(DiscoveryClient registry, MeshClient mesh, String version) {
    this.registry = registry;
    this.mesh = mesh;
    this.labels = new MetadataLabels(version);
  }

  @Override
  public void afterSingletonsInstantiated() {
    refresh();
  }

  @Override
  public void onApplicationEvent(HeartbeatEvent event) {
    refresh();
  }

  private void refresh() {
    try {
      List<StaticEndpoint> now = asked();
      if (!now.equals(last)) {
        mesh.discovered(now);
        last = now;
      }
    } catch (RuntimeException e) {
      log.warn("The registry tells nothing: {}", registry.description(), e);
    }
  }

  private List<StaticEndpoint> asked() {
    List<StaticEndpoint> all = new ArrayList<>();
    for (String service : registry.getServices()) {
      for (ServiceInstance instance : registry.getInstances(service)) {
        all.add(
            new StaticEndpoint(
                service, labels.of(instance), instance.getHost(), instance.getPort()));
      }
    }
    return all;
  }
}
