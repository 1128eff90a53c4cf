package io.meshclient.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Deployment;
import io.meshclient.istio.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManifestsTest {

  @Test
  void istio_isTheGuidesAndOneMore_withTheGuidesOneFault() {
    Configuration read = Configuration.read(ConfigSource.path(Path.of("istio")));
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.location().file()).isEqualTo("04-telemetry.yaml");
              assertThat(problem.message()).contains("environment.enabled: unknown field");
            });
    assertThat(read.resources()).hasSize(13);
  }

  @Test
  void k8s_hasNoProblems() {
    assertThat(k8s().problems()).isEmpty();
  }

  @Test
  void deployments_areSelectedByTheServices() {
    Configuration read = k8s();
    for (Deployment deployment : read.all(Deployment.class)) {
      Map<String, String> labels = deployment.spec().podLabels();
      assertThat(labels).containsKeys("app", "version");
      assertThat(read.all(Service.class))
          .filteredOn(s -> labels.entrySet().containsAll(s.spec().selector().entrySet()))
          .extracting(s -> s.metadata().name())
          .contains(labels.get("app"));
    }
    assertThat(read.all(Deployment.class)).hasSize(4);
  }

  @Test
  void kustomization_namesFilesThatExist() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("kustomization.yaml"));
    List<String> named =
        lines.stream()
            .map(String::strip)
            .filter(line -> line.matches("- [a-z0-9]+/.*"))
            .map(line -> line.substring(2))
            .toList();
    assertThat(named).allSatisfy(file -> assertThat(Path.of(file)).isRegularFile());
    try (Stream<Path> files = Files.list(Path.of("k8s"))) {
      assertThat(files).allSatisfy(file -> assertThat(named).contains("k8s/" + file.getFileName()));
    }
  }

  private static Configuration k8s() {
    return Configuration.read(ConfigSource.path(Path.of("k8s")));
  }
}
