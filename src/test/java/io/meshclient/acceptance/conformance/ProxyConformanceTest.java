package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.backend.Waits;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.MeshProcess;
import io.meshclient.acceptance.replay.ReplayTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The traffic corpus through {@code mesh proxy outbound}, a process for each case. What was seen of
 * a case, and with what configuration, is in {@code target/conformance/proxy}.
 *
 * <p>A choice of cases is replayed; {@code -Dconformance.proxy=all} replays all of them, two at a
 * time, {@code -Dconformance.case=NAME[,NAME...]} others.
 *
 * <p>Where a pod's address or the jar is missing, the cases are skipped; under {@code CI=true} that
 * fails the build.
 */
@EnabledOnOs(OS.LINUX)
class ProxyConformanceTest {

  /** One of most kinds, and those that depend on what a proxy passes on. */
  private static final List<String> CHOICE =
      List.of(
          "fault-abort",
          "gateway-api-route",
          "hash-cookie",
          "header-repeated",
          "host-name-forms",
          "locality-failover",
          "mirror",
          "outlier-5xx",
          "pool-overflow",
          "query-params",
          "redirect",
          "registry-only",
          "retry-post-body",
          "timeout");

  private static final boolean ALL = System.getProperty("conformance.proxy", "").equals("all");
  private static final boolean CI = "true".equals(System.getenv("CI"));
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Path SEEN = Path.of("target", "conformance", "proxy");
  private static final ReplayTests TESTS = new ReplayTests("traffic by proxy", SEEN);

  private static Backends backends;
  private static ExecutorService beside;

  @BeforeAll
  static void start() {
    if (!Files.isRegularFile(MeshProcess.JAR)) {
      missing(MeshProcess.JAR + " is not there (expected: built by mvn package or verify)");
    }
    try {
      backends = atRecordedAddresses();
    } catch (IOException e) {
      missing("A pod cannot listen at " + e.getMessage());
    }
    beside = Executors.newSingleThreadExecutor();
  }

  /** Where it must not be skipped, it waits for another run of this test, which has them now. */
  private static Backends atRecordedAddresses() throws IOException {
    long end = System.nanoTime() + (CI ? PATIENCE.toNanos() : 0);
    while (true) {
      try {
        return Backends.startAtRecordedAddresses();
      } catch (IOException e) {
        if (System.nanoTime() - end >= 0) {
          throw e;
        }
        Waits.pause(Duration.ofSeconds(1));
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (backends != null) {
      beside.shutdownNow();
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
              ProxyDriver.keepingFilesIn(SEEN),
              backends,
              false));
    }
    if (ALL) {
      // From the last to the first: they meet in the middle, and there are never more than two.
      List<CaseRun> backwards = new ArrayList<>(runs);
      Collections.reverse(backwards);
      backwards.forEach(beside::execute);
    }
    return runs.stream().map(TESTS::of);
  }

  @Test
  void choice_isOfCasesOfTheCorpus() throws IOException {
    assertThat(Corpus.shared("traffic").names()).containsAll(CHOICE);
  }

  private static void missing(String what) {
    if (CI) {
      fail(what);
    }
    abort(what);
  }
}
