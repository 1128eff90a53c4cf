package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

/**
 * What Istio takes is taken: the guide's files, and the conformance corpus of the acceptance tests.
 */
class CorpusTest {

  private static final Path CORPUS = Path.of("..", "src", "test", "resources", "conformance");

  @Test
  void guide_hasOneFault() {
    List<ConfigSource> sources = new ArrayList<>();
    for (String file :
        List.of(
            "01-onboarding",
            "02-order-traffic",
            "03-payment-traffic",
            "04-telemetry",
            "05-security")) {
      sources.add(ConfigSource.classpath("istio/" + file + ".yaml"));
    }
    Configuration read = Configuration.read(sources);

    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0101 classpath:istio/04-telemetry.yaml:31"
                + " extensionProviders[0].opentelemetry.resource_detectors.environment.enabled:"
                + " unknown field (expected: no fields)");
    assertThat(read.hasErrors()).isFalse();
    assertThat(read.resources()).hasSize(12);
    assertThat(read.mesh().extensionProvider("otel").opentelemetry().service())
        .isEqualTo("otel-collector.observability.svc.cluster.local");
  }

  @TestFactory
  Stream<DynamicTest> cases_areReadWithoutAnError() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(CORPUS), "the corpus is not there");
    List<Path> cases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CORPUS)) {
      files.filter(file -> file.toString().endsWith(".case.yaml")).sorted().forEach(cases::add);
    }
    return cases.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  @Test
  void cluster_isReadWithoutAProblem() {
    Path cluster = CORPUS.resolve("cluster.yaml");
    Assumptions.assumeTrue(Files.exists(cluster), "the corpus is not there");

    assertThat(Configuration.read(ConfigSource.path(cluster)).problems()).isEmpty();
  }

  private static void check(Path file) throws IOException {
    Map<String, Object> fields = new Yaml().load(Files.readString(file));
    Object mesh = fields.getOrDefault("mesh", "");
    String lines = mesh instanceof String text ? text : new Yaml().dump(mesh);
    Configuration read =
        Configuration.read(
            ConfigSource.yaml("config", (String) fields.getOrDefault("config", "")),
            ConfigSource.yaml("mesh", lines).asMeshConfig());

    assertThat(read.hasErrors()).as(read.problems().toString()).isFalse();
  }
}
