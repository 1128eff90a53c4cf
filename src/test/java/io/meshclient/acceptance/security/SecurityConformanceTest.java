package io.meshclient.acceptance.security;

import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.ReplayTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The security corpus by the library's own policies, without a connection, a test for each request
 * of each case. What was seen of a case is written to {@code
 * target/conformance/security/CASE.json}.
 *
 * <p>{@code -Dconformance.case=NAME[,NAME...]} replays these cases only, {@code
 * -Dconformance.corpus=DIRECTORY} another corpus of the same form.
 */
class SecurityConformanceTest {

  private static final ReplayTests TESTS =
      new ReplayTests("security", Path.of("target", "conformance", "security"));

  @AfterAll
  static void report() {
    System.out.println(TESTS.summary());
  }

  @TestFactory
  Stream<DynamicNode> replay() throws IOException {
    Corpus corpus = ReplayTests.corpus("security");
    List<SecurityRun> runs = new ArrayList<>();
    for (String name : ReplayTests.chosen(corpus, corpus.names())) {
      runs.add(
          new SecurityRun(
              SecurityCaseReader.read(corpus, name), corpus.expected(name), InProcessDriver::open));
    }
    return runs.stream().map(TESTS::of);
  }
}
