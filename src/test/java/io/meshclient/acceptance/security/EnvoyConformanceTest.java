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
 * The security corpus through a real Envoy. With the configuration that these tests make of the
 * cases it shows that it, the client and the comparison are right, so that what else they say of
 * Envoy can be believed; with the one that {@code mesh export envoy} makes of them, that an
 * exported sidecar decides as Istio's.
 */
@Tag("envoy")
@EnabledOnOs(OS.LINUX)
class EnvoyConformanceTest {

  private static final Path SEEN = Path.of("target", "conformance", "security-envoy");
  private static final ReplayTests TESTS = new ReplayTests("security by Envoy", SEEN);
  private static final ReplayTests EXPORTED =
      new ReplayTests("security by exported Envoys", SEEN.resolveSibling("security-exported"));

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
      EnvoyDriver.add(envoy, each);
      EnvoyDriver.addExported(envoy, each);
    }
    envoy.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (envoy != null) {
      envoy.close();
      backend.close();
      System.out.println(TESTS.summary());
      System.out.println(EXPORTED.summary());
    }
  }

  @TestFactory
  Stream<DynamicNode> replay() throws IOException {
    return runs(each -> new EnvoyDriver(envoy, backend, client, each.name())).map(TESTS::of);
  }

  @TestFactory
  Stream<DynamicNode> replay_exported() throws IOException {
    return runs(each -> EnvoyDriver.ofExported(envoy, backend, client, each)).map(EXPORTED::of);
  }

  private static Stream<SecurityRun> runs(Driver.Factory drivers) throws IOException {
    Corpus corpus = ReplayTests.corpus("security");
    List<SecurityRun> runs = new ArrayList<>();
    for (SecurityCase each : CASES) {
      runs.add(new SecurityRun(each, corpus.expected(each.name()), drivers));
    }
    return runs.stream();
  }
}
