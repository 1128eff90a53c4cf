package io.meshclient.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.EndpointReport;
import io.meshclient.MeshClient;
import io.meshclient.istio.ConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationContext;

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
    return instance(port, Map.of("version", version));
  }

  private static ServiceInstance instance(int port, Map<String, String> metadata) {
    return new DefaultServiceInstance("id-" + port, "orders", "127.0.0.1", port, false, metadata);
  }

  private static List<String> endpoints(MeshClient mesh) {
    return endpoints(mesh, "");
  }

  private static List<String> endpoints(MeshClient mesh, String subset) {
    return mesh.policy().clusters().stream()
        .filter(cluster -> cluster.service().startsWith("orders."))
        .filter(cluster -> cluster.subset().equals(subset))
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

  @Test
  void subsets_select_by_any_metadata_and_see_it_change() {
    instances.add(instance(8081, Map.of("version", "v1", "region", "eu")));
    instances.add(instance(8082, Map.of("version", "v2", "region", "eu")));
    instances.add(instance(8083, Map.of("version", "v2", "region", "us")));
    try (MeshClient mesh = withSubsets()) {
      DiscoveredEndpoints discovered = new DiscoveredEndpoints(registry, mesh, "version");
      discovered.afterSingletonsInstantiated();
      assertThat(endpoints(mesh, "european")).containsExactly("127.0.0.1:8081", "127.0.0.1:8082");
      assertThat(endpoints(mesh, "second")).containsExactly("127.0.0.1:8082", "127.0.0.1:8083");

      instances.set(2, instance(8083, Map.of("version", "v1", "region", "eu")));
      discovered.onApplicationEvent(new HeartbeatEvent(this, 1));
      assertThat(endpoints(mesh, "european")).hasSize(3).contains("127.0.0.1:8083");
      assertThat(endpoints(mesh, "second")).containsExactly("127.0.0.1:8082");
    }
  }

  @Test
  void another_metadata_may_be_the_version() {
    instances.add(instance(8081, Map.of("release", "v2", "version", "2.0.1")));
    instances.add(instance(8082, Map.of("version", "v2")));
    instances.add(instance(8083, Map.of("release", "v1")));
    try (MeshClient mesh = withSubsets()) {
      new DiscoveredEndpoints(registry, mesh, "release").afterSingletonsInstantiated();
      assertThat(endpoints(mesh, "second")).containsExactly("127.0.0.1:8081", "127.0.0.1:8082");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"region", "a", "topology.kubernetes.io/zone", "x-y.1/Name_1", "A.b-C_9"})
  void metadata_is_a_label(String key) {
    assertThat(labels(Map.of(key, "v"))).containsExactly(Map.entry(key, "v"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-a", "a-", "a b", "a:b", "ä", "/a", "a/", "a/b/c", "A.io/b", "a..b/c", "a_/b"
      })
  void metadata_with_another_key_is_left_out(String key) {
    assertThat(labels(Map.of(key, "v", "region", "eu"))).containsOnlyKeys("region");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a/", "a b", "-1", "1_", "1.0+build"})
  void metadata_with_another_value_is_left_out(String value) {
    assertThat(labels(Map.of("version", value, "region", "eu"))).containsOnlyKeys("region");
  }

  @Test
  void metadata_is_a_label_up_to_the_longest() {
    String longest = "n".repeat(63);
    String domain = "d".repeat(63) + ("." + "d".repeat(63)).repeat(2) + "." + "d".repeat(61);
    assertThat(labels(Map.of(domain + "/" + longest, longest, "empty", ""))).hasSize(2);
    assertThat(labels(Map.of(domain + "d/" + longest, "v"))).isEmpty();
    assertThat(labels(Map.of(longest + "n", "v"))).isEmpty();
    assertThat(labels(Map.of("n", longest + "n"))).isEmpty();
  }

  @Test
  void registry_is_asked_by_properties() {
    instances.add(instance(8081, Map.of("release", "v2")));
    ApplicationContextRunner runner =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MeshDiscoveryAutoConfiguration.class))
            .withBean(DiscoveryClient.class, () -> registry)
            .withBean(MeshClient.class, DiscoveredEndpointsTest::withSubsets);
    runner.run(context -> assertThat(found(context, "")).containsExactly("127.0.0.1:8081"));
    runner.run(context -> assertThat(found(context, "second")).isEmpty());
    runner
        .withPropertyValues("mesh.client.discovery.version-metadata=release")
        .run(context -> assertThat(found(context, "second")).containsExactly("127.0.0.1:8081"));
    runner
        .withPropertyValues("mesh.client.discovery.enabled=false")
        .run(context -> assertThat(found(context, "")).doesNotContain("127.0.0.1:8081"));
  }

  private static List<String> found(ApplicationContext context, String subset) {
    return endpoints(context.getBean(MeshClient.class), subset);
  }

  private static Map<String, String> labels(Map<String, String> metadata) {
    return new MetadataLabels("version").of(instance(8081, metadata));
  }

  private static MeshClient withSubsets() {
    return MeshClient.builder()
        .config(
            ConfigSource.yaml(
                "rules",
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: orders, namespace: default}
                spec:
                  host: orders
                  subsets:
                  - {name: european, labels: {region: eu}}
                  - {name: second, labels: {version: v2}}
                """))
        .build();
  }
}
