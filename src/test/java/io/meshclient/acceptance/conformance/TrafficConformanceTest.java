package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.meshclient.acceptance.backend.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The traffic corpus through the library, a test for each request of each case. What was seen of a
 * case is written to {@code target/conformance/traffic/CASE.json}.
 *
 * <p>{@code -Dconformance.case=NAME[,NAME...]} replays these cases only, {@code
 * -Dconformance.corpus=DIRECTORY} another corpus of the same form.
 */
class TrafficConformanceTest {

  private static final Path SEEN = Path.of("target", "conformance", "traffic");

  /** A case that waits longer starts ahead of its turn, beside the others. */
  private static final Duration LONG_WAITS = Duration.ofSeconds(2);

  private static final Report REPORT = new Report("traffic", Map.of());

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
    Corpus corpus = Corpus.shared();
    Driver.Factory drivers = MeshClientDriver.on(backends);
    new CaseRun(corpus.read(name), corpus.expected(name), drivers, backends, false).run();
  }

  @AfterAll
  static void stop() throws IOException {
    ahead.shutdownNow();
    backends.close();
    System.out.println(REPORT.summary());
  }

  @TestFactory
  Stream<DynamicNode> replay() throws IOException {
    Corpus corpus = corpus();
    List<CaseRun> runs = new ArrayList<>();
    for (String name : chosen(corpus.names())) {
      runs.add(
          new CaseRun(
              corpus.read(name),
              corpus.expected(name),
              MeshClientDriver.on(backends),
              backends,
              false));
    }
    runs.stream()
        .filter(run -> run.conformanceCase().waits().compareTo(LONG_WAITS) > 0)
        .forEach(ahead::execute);
    return runs.stream().map(TrafficConformanceTest::container);
  }

  private static DynamicNode container(CaseRun run) {
    String name = run.conformanceCase().name();
    List<CaseRequest> requests = run.conformanceCase().requests();
    Stream<DynamicTest> tests =
        IntStream.range(0, requests.size())
            .mapToObj(i -> dynamicTest(requests.get(i).name(), () -> check(run, i)));
    DynamicTest whole = dynamicTest("the case as a whole", () -> checkWhole(run));
    return dynamicContainer(name, Stream.concat(tests, Stream.of(whole)));
  }

  private static void check(CaseRun run, int request) {
    RequestOutcome outcome = run.outcomes().get(request);
    if (outcome.passed()) {
      return;
    }
    String differences = String.join("\n", outcome.differences());
    fail(run.conformanceCase().description() + "\n" + differences, outcome.error());
  }

  private static void checkWhole(CaseRun run) throws IOException {
    REPORT.add(run, SEEN);
  }

  private static Corpus corpus() {
    String other = System.getProperty("conformance.corpus", "");
    return other.isEmpty() ? Corpus.shared() : Corpus.at(Path.of(other));
  }

  private static List<String> chosen(List<String> names) {
    String only = System.getProperty("conformance.case", "");
    if (only.isEmpty()) {
      return names;
    }
    List<String> chosen = List.of(only.split(","));
    assertThat(names).as("conformance.case").containsAll(chosen);
    return chosen;
  }
}
