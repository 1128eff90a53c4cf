package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.ReplayTests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The traffic corpus through the library, a test for each request of each case. What was seen of a
 * case is written to {@code target/conformance/traffic/CASE.json}.
 *
 * <p>{@code -Dconformance.case=NAME[,NAME...]} replays these cases only, {@code
 * -Dconformance.corpus=DIRECTORY} another corpus of the same form.
 */
class TrafficConformanceTest {

  /** A case that waits longer starts ahead of its turn, beside the others. */
  private static final Duration LONG_WAITS = Duration.ofSeconds(2);

  private static final ReplayTests TESTS =
      new ReplayTests("traffic", Path.of("target", "conformance", "traffic"));

  private static Backends backends;
  private static ExecutorService ahead;

  @BeforeAll
  static void start() throws IOException {
    backends = Backends.start();
    ahead = Executors.newFixedThreadPool(3);
    warmUp();
  }

  /** Loads the classes: in a case that ejects, the first request must not take half a second. */
  private static void warmUp() throws IOException {
    String name = "no-match-404";
    Corpus corpus = Corpus.shared("traffic");
    Driver.Factory drivers = MeshClientDriver.on(backends);
    new CaseRun(CaseReader.read(corpus, name), corpus.expected(name), drivers, backends, false)
        .run();
  }

  @AfterAll
  static void stop() throws IOException {
    ahead.shutdownNow();
    backends.close();
    System.out.println(TESTS.summary());
  }

  @TestFactory
  Stream<DynamicNode> replay() throws IOException {
    Corpus corpus = ReplayTests.corpus("traffic");
    List<CaseRun> runs = new ArrayList<>();
    for (String name : ReplayTests.chosen(corpus, corpus.names())) {
      runs.add(
          new CaseRun(
              CaseReader.read(corpus, name),
              corpus.expected(name),
              MeshClientDriver.on(backends),
              backends,
              false));
    }
    runs.stream()
        .filter(run -> run.conformanceCase().waits().compareTo(LONG_WAITS) > 0)
        .forEach(ahead::execute);
    return runs.stream().map(TESTS::of);
  }
}
