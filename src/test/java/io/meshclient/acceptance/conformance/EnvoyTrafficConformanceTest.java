package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.envoy.EnvoyBinary;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.MeshProcess;
import io.meshclient.acceptance.replay.ReplayTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The traffic corpus through an Envoy that {@code mesh export envoy} configured, one for each case.
 * The library is held to the same records: where both pass, both do the same.
 *
 * <p>A choice of cases is replayed; {@code -Dconformance.envoy=all} replays all of them, {@code
 * -Dconformance.case=NAME[,NAME...]} others. Configurations and what Envoy said are in {@code
 * target/conformance/envoy}.
 */
@Tag("envoy")
class EnvoyTrafficConformanceTest {

  private static final List<String> CHOICE =
      List.of(
          "fault-abort",
          "gateway-api-route",
          "hash-cookie",
          "header-repeated",
          "host-name-forms",
          "mirror",
          "pool-overflow",
          "query-params",
          "redirect",
          "registry-only",
          "retry-post-body",
          "timeout");

  private static final boolean ALL = System.getProperty("conformance.envoy", "").equals("all");
  private static final Path SEEN = Path.of("target", "conformance", "envoy");
  private static final ReplayTests TESTS = new ReplayTests("traffic by exported Envoys", SEEN);

  private static Backends backends;

  @BeforeAll
  static void start() throws IOException {
    EnvoyBinary.find();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.isRegularFile(MeshProcess.JAR), MeshProcess.JAR + " is not there");
    }
    backends = Backends.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (backends != null) {
      backends.close();
      System.out.println(TESTS.summary());
    }
  }

  @TestFactory
  Stream<DynamicNode> replay() throws IOException {
    Corpus corpus = ReplayTests.corpus("traffic");
    List<CaseRun> runs = new ArrayList<>();
    for (String name : ReplayTests.chosen(corpus, ALL ? corpus.names() : CHOICE)) {
      runs.add(
          new CaseRun(
              CaseReader.read(corpus, name),
              corpus.expected(name),
              EnvoyTrafficDriver.on(backends, SEEN),
              backends,
              false));
    }
    return runs.stream().map(TESTS::of);
  }

  @Test
  void choice_isOfCasesOfTheCorpus() throws IOException {
    assertThat(Corpus.shared("traffic").names()).containsAll(CHOICE);
  }
}
