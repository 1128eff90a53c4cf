package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.RecordingBackend;
import io.meshclient.acceptance.envoy.EnvoyBinary;
import io.meshclient.acceptance.envoy.InboundEnvoy;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.ReplayTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The security corpus through a real Envoy, with the configuration that these tests make of the
 * cases: shows that it, the client and the comparison are right, so that what else they say of
 * Envoy can be believed.
 */
@Tag("envoy")
@EnabledOnOs(OS.LINUX)
class EnvoyConformanceTest {

  private static final ReplayTests TESTS =
      new ReplayTests("security by Envoy", Path.of("target", "conformance", "security-envoy"));

  @TempDir static Path directory;

  private static RecordingBackend backend;
  private static InboundEnvoy envoy;
  private static WireClient client;
  private static final List<SecurityCase> CASES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    EnvoyBinary.find();
    Corpus corpus = ReplayTests.corpus("security");
    TestPki pki = new TestPki();
    pki.writeWorkload(directory);
    client = new WireClient(pki);
    backend = RecordingBackend.start();
    envoy = new InboundEnvoy(directory, backend.address());
    for (String name : ReplayTests.chosen(corpus, corpus.names())) {
      SecurityCase each = SecurityCaseReader.read(corpus, name);
      CASES.add(each);
      envoy.add(
          name, each.config(), each.mesh(), each.namespace(), each.labels(), List.of(8080, 9090));
    }
    envoy.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (envoy != null) {
      envoy.close();
      backend.close();
      System.out.println(TESTS.summary());
    }
  }

  @TestFactory
  Stream<DynamicNode> replay() throws IOException {
    Corpus corpus = ReplayTests.corpus("security");
    List<SecurityRun> runs = new ArrayList<>();
    for (SecurityCase each : CASES) {
      Driver.Factory driver = c -> new EnvoyDriver(envoy, backend, client, c.name());
      runs.add(new SecurityRun(each, corpus.expected(each.name()), driver));
    }
    return runs.stream().map(TESTS::of);
  }
}
