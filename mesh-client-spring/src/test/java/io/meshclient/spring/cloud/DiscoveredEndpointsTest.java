package io.meshclient.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.EndpointReport;
import io.meshclient.MeshClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;

class DiscoveredEndpointsTest {
  private final List<ServiceInstance> instances = new ArrayList<>();
  private boolean down;

  private final DiscoveryClient registry =
      new DiscoveryClient() {
        @Override
        public String description() {
          return "a registry";
        }

        @Override
        public List<ServiceInstance> getInstances(String service) {
          return List.copyOf(instances);
        }

        @Override
        public List<String> getServices() {
          if (down) {
            throw new IllegalStateException("down");
          }
          return List.of("orders");
        }
      };

  private static ServiceInstance instance(int port, String version) {
    return new DefaultServiceInstance(
        "id-" + port, "orders", "127.0.0.1", port, false, Map.of("version", version));
  }

  private static List<String> endpoints(MeshClient mesh) {
    return mesh.policy().clusters().stream()
        .filter(cluster -> cluster.service().startsWith("orders.") && cluster.subset().isEmpty())
        .flatMap(cluster -> mesh.endpoints(cluster).stream())
        .map(EndpointReport::address)
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void registrys_instances_are_endpoints_and_news_are_heard() {
    instances.add(instance(8081, "v1"));
    try (MeshClient mesh = MeshClient.builder().build()) {
      DiscoveredEndpoints discovered = new DiscoveredEndpoints(registry, mesh, "version");
      discovered.afterSingletonsInstantiated();
      assertThat(endpoints(mesh)).containsExactly("127.0.0.1:8081");

      instances.add(instance(8082, "v2"));
      discovered.onApplicationEvent(new HeartbeatEvent(this, 1));
      assertThat(endpoints(mesh)).containsExactly("127.0.0.1:8081", "127.0.0.1:8082");

      down = true;
      discovered.onApplicationEvent(new HeartbeatEvent(this, 2));
      assertThat(endpoints(mesh)).as("last known ones").hasSize(2);
    }
  }

  @Test
  void what_properties_say_of_a_service_comes_first() {
    instances.add(instance(8081, "v1"));
    try (MeshClient mesh = MeshClient.builder().endpoint("orders", "127.0.0.1:9999").build()) {
      new DiscoveredEndpoints(registry, mesh, "version").afterSingletonsInstantiated();
      assertThat(endpoints(mesh)).containsExactly("127.0.0.1:9999");
    }
  }
}
