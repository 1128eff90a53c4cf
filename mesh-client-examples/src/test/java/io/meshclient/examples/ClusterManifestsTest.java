package io.meshclient.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.mesh.MeshMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** k8s/plain, k8s/istio and k8s/ambient, as far as they can be checked without a cluster. */
@SuppressWarnings("unchecked") // YAML
class ClusterManifestsTest {
  private static final Path OVERLAYS = Path.of("..", "k8s");

  @ParameterizedTest
  @CsvSource({"plain, none", "istio, istio", "ambient, ambient"})
  void overlay_saysItsMode(String overlay, String mode) throws IOException {
    List<Map<String, Object>> operations = operations(overlay);

    assertThat(operations)
        .extracting(operation -> operation.get("value"))
        .contains(Map.of("name", "MESH_CLIENT_MODE", "value", MeshMode.of(mode).word()));
    assertThat(operations)
        .allSatisfy(operation -> assertThat(operation).containsOnlyKeys("op", "path", "value"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "istio", "ambient"})
  void overlay_namesWhatExists(String overlay) throws IOException {
    Path directory = OVERLAYS.resolve(overlay);
    List<String> named =
        (List<String>) read(directory.resolve("kustomization.yaml")).get(0).get("resources");

    for (String resource : named) {
      Path path = directory.resolve(resource).normalize();
      assertThat(Files.isDirectory(path) ? path.resolve("kustomization.yaml") : path)
          .isRegularFile();
      assertThat(directory.normalize().startsWith(path))
          .as("%s: kustomize takes no directory above itself", resource)
          .isFalse();
      // Files have to be below the kustomization; directories need not.
      assertThat(Files.isDirectory(path) || !resource.contains("..")).isTrue();
    }
  }

  @Test
  void patches_meetWhatTheyAddTo() throws IOException {
    for (Map<String, Object> deployment : all("Deployment")) {
      Map<String, Object> container = container(deployment);
      assertThat((List<Object>) container.get("env")).as("env/- adds to a list").isNotEmpty();
      assertThat(at(deployment, "spec", "template", "metadata"))
          .as("annotations are added as a whole")
          .doesNotContainKey("annotations");
    }
    assertThat(all("Namespace"))
        .singleElement()
        .satisfies(namespace -> assertThat(at(namespace, "metadata")).doesNotContainKey("labels"));
  }

  @Test
  void istiosRules_areReadWithoutAProblem() throws IOException {
    Path istio = Path.of("istio");
    List<String> named =
        (List<String>) read(istio.resolve("kustomization.yaml")).get(0).get("resources");
    ConfigSource[] sources =
        Stream.concat(
                named.stream().map(istio::resolve),
                Stream.of(OVERLAYS.resolve("ambient/strict.yaml")))
            .map(ConfigSource::path)
            .toArray(ConfigSource[]::new);
    Configuration rules = Configuration.read(sources);

    assertThat(rules.problems()).isEmpty();
    assertThat(rules.resources()).isNotEmpty();
  }

  /**
   * Else order-service's call to /process would be let in without a mesh, and refused with Istio.
   */
  @Test
  void istiosRules_areThoseOfTheConfigMapButForTelemetry() throws IOException {
    List<Map<String, Object>> generators =
        (List<Map<String, Object>>)
            read(Path.of("kustomization.yaml")).get(0).get("configMapGenerator");
    List<String> mounted = new ArrayList<>((List<String>) generators.get(0).get("files"));
    mounted.remove("istio/04-telemetry.yaml");

    assertThat((List<String>) read(Path.of("istio/kustomization.yaml")).get(0).get("resources"))
        .map(file -> "istio/" + file)
        .containsExactlyElementsOf(mounted);
  }

  @Test
  void deployments_haveAccountsPortsLabelsAndVolumesThatAreThere() throws IOException {
    Set<Object> accounts = new HashSet<>();
    all("ServiceAccount").forEach(account -> accounts.add(at(account, "metadata").get("name")));
    for (Map<String, Object> deployment : all("Deployment")) {
      String name = String.valueOf(at(deployment, "metadata").get("name"));
      Map<String, Object> pod = at(deployment, "spec", "template", "spec");
      Map<String, Object> labels = at(deployment, "spec", "template", "metadata", "labels");
      assertThat(accounts).as(name).contains(pod.get("serviceAccountName"));
      assertThat(at(deployment, "spec", "selector", "matchLabels")).as(name).isEqualTo(labels);
      assertThat(pod.get("serviceAccountName")).as(name).isEqualTo(labels.get("app"));

      Map<String, Object> container = container(deployment);
      Set<Object> ports = new HashSet<>();
      ((List<Map<String, Object>>) container.get("ports"))
          .forEach(port -> ports.add(port.get("containerPort")));
      assertThat(ports).as(name).contains(at(container, "readinessProbe", "httpGet").get("port"));
      for (Map<String, Object> service : all("Service")) {
        if (labels.entrySet().containsAll(at(service, "spec", "selector").entrySet())) {
          ((List<Map<String, Object>>) at(service, "spec").get("ports"))
              .forEach(port -> assertThat(ports).as(name).contains(port.get("targetPort")));
        }
      }
      Set<Object> volumes = new HashSet<>();
      ((List<Map<String, Object>>) pod.get("volumes"))
          .forEach(volume -> volumes.add(volume.get("name")));
      ((List<Map<String, Object>>) container.get("volumeMounts"))
          .forEach(mount -> assertThat(volumes).as(name).contains(mount.get("name")));
    }
  }

  @Test
  void podinfo_hasAnnotationsToo() throws IOException {
    for (Map<String, Object> deployment : all("Deployment")) {
      assertThat(at(deployment, "spec", "template", "spec").get("volumes").toString())
          .contains("path=annotations", "path=labels");
    }
  }

  private static List<Map<String, Object>> operations(String overlay) throws IOException {
    List<Map<String, Object>> patches =
        (List<Map<String, Object>>)
            read(OVERLAYS.resolve(overlay).resolve("kustomization.yaml")).get(0).get("patches");
    List<Map<String, Object>> operations = new ArrayList<>();
    for (Map<String, Object> patch : patches) {
      operations.addAll(new Yaml().load(String.valueOf(patch.get("patch"))));
    }
    return operations;
  }

  private static Map<String, Object> container(Map<String, Object> deployment) {
    List<Map<String, Object>> containers =
        (List<Map<String, Object>>) at(deployment, "spec", "template", "spec").get("containers");
    return containers.get(0);
  }

  private static Map<String, Object> at(Map<String, Object> value, String... path) {
    Map<String, Object> at = value;
    for (String key : path) {
      at = (Map<String, Object>) at.get(key);
      assertThat(at).as(key).isNotNull();
    }
    return at;
  }

  private static List<Map<String, Object>> all(String kind) throws IOException {
    List<Map<String, Object>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("k8s"))) {
      for (Path file : files.sorted().toList()) {
        read(file).stream()
            .filter(document -> kind.equals(document.get("kind")))
            .forEach(found::add);
      }
    }
    assertThat(found).as(kind).isNotEmpty();
    return found;
  }

  private static List<Map<String, Object>> read(Path file) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document : new Yaml().loadAll(Files.readString(file))) {
      documents.add((Map<String, Object>) document);
    }
    return documents;
  }
}
