package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.RecordingBackend;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.MeshProcess;
import io.meshclient.acceptance.replay.ReplayTests;
import io.meshclient.acceptance.security.MutualTlsDriver.Surroundings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The security corpus through {@code mesh proxy inbound}, with real certificates: every case with
 * the command in this process, and a choice of them with a process for each port. {@code
 * -Dconformance.security=all} has all of them in processes.
 *
 * <p>Linux takes all of 127.0.0.0/8 for the loopback interface's, which callers' addresses are of.
 */
@EnabledOnOs(OS.LINUX)
class MutualTlsConformanceTest {

  private static final String WORKLOAD = "127.2.1.1";

  /** Of each kind what depends on a process: the mesh's file, TLS, two ports, tokens, forms. */
  private static final List<String> CHOICE =
      List.of("seed-payment-authz", "peer-unset", "jwt-output", "trust-domains");

  private static final boolean ALL = System.getProperty("conformance.security", "").equals("all");
  private static final Path SEEN = Path.of("target", "conformance", "security-mtls");
  private static final ReplayTests EMBEDDED = new ReplayTests("security by mutual TLS", SEEN);
  private static final ReplayTests IN_PROCESSES =
      new ReplayTests("security by a process", SEEN.resolveSibling("security-process"));

  @TempDir static Path directory;

  private static Surroundings surroundings;

  @BeforeAll
  static void start() throws IOException {
    TestPki pki = new TestPki();
    pki.writeWorkload(directory);
    surroundings = new Surroundings(directory, RecordingBackend.start(), new WireClient(pki));
  }

  @AfterAll
  static void stop() throws IOException {
    surroundings.backend().close();
    System.out.println(EMBEDDED.summary());
    System.out.println(IN_PROCESSES.summary());
  }

  @TestFactory
  Stream<DynamicNode> everyCase() throws IOException {
    Corpus corpus = ReplayTests.corpus("security");
    return replay(corpus, corpus.names(), MutualTlsConformanceTest::embedded).map(EMBEDDED::of);
  }

  @TestFactory
  Stream<DynamicNode> choice_inProcesses() throws IOException {
    Corpus corpus = ReplayTests.corpus("security");
    List<String> names = ALL ? corpus.names() : CHOICE;
    return replay(corpus, names, MutualTlsConformanceTest::process).map(IN_PROCESSES::of);
  }

  private static Stream<SecurityRun> replay(
      Corpus corpus, List<String> names, RunningProxy.Starter starter) throws IOException {
    List<SecurityRun> runs = new ArrayList<>();
    for (String name : ReplayTests.chosen(corpus, names)) {
      Driver.Factory drivers =
          c -> MutualTlsDriver.open(c, surroundings, directory.resolve(c.name()), starter);
      runs.add(
          new SecurityRun(SecurityCaseReader.read(corpus, name), corpus.expected(name), drivers));
    }
    return runs.stream();
  }

  static RunningProxy embedded(int port, List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(listening("inbound", port));
    arguments.addAll(options);
    return EmbeddedProxy.start(arguments);
  }

  private static RunningProxy process(int port, List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("proxy"));
    arguments.addAll(listening("inbound", port));
    arguments.addAll(options);
    MeshProcess process =
        MeshProcess.start(arguments, Files.createTempFile(directory, "proxy", ".txt"));
    return new RunningProxy() {
      @Override
      public InetSocketAddress address() {
        return process.address();
      }

      @Override
      public List<String> errors() throws IOException {
        return process.errors();
      }

      @Override
      public void close() {
        process.close();
      }
    };
  }

  /** On any free port, so that runs of these tests do not get in each other's way. */
  private static List<String> listening(String command, int port) {
    return List.of(command, "--listen", WORKLOAD + ":0", "--port", Integer.toString(port));
  }
}
