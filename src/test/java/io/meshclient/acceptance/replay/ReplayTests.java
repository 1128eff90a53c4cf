package io.meshclient.acceptance.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** What the replays of the corpus have in common: what is replayed, and what is held against it. */
public final class ReplayTests {

  private final Report report;
  private final Path seen;

  /**
   * @param title for the summary
   * @param seen the directory that gets a file for each case
   */
  public ReplayTests(String title, Path seen) {
    this.report = new Report(title, Map.of());
    this.seen = seen;
  }

  /** The shared corpus unless {@code -Dconformance.corpus} says otherwise. */
  public static Corpus corpus(String category) {
    String other = System.getProperty("conformance.corpus", "");
    return other.isEmpty() ? Corpus.shared(category) : Corpus.at(Path.of(other), category);
  }

  /**
   * The cases that {@code -Dconformance.case} names, or those given where it is not set. A name may
   * be of a case of another category, which is then not for this replay.
   */
  public static List<String> chosen(Corpus corpus, List<String> otherwise) throws IOException {
    String only = System.getProperty("conformance.case", "");
    if (only.isEmpty()) {
      return otherwise;
    }
    List<String> chosen = List.of(only.split(","));
    assertThat(corpus.namesOfAllCategories()).as("conformance.case").containsAll(chosen);
    return chosen.stream().filter(corpus.names()::contains).toList();
  }

  /** A test for each request of a case, then one for all of it. */
  public DynamicNode of(CaseReplay run) {
    List<String> requests = run.requests();
    Stream<DynamicTest> tests =
        IntStream.range(0, requests.size())
            .mapToObj(i -> dynamicTest(requests.get(i), () -> check(run, i)));
    DynamicTest whole = dynamicTest("the case as a whole", () -> report.add(run, seen));
    return dynamicContainer(run.name(), Stream.concat(tests, Stream.of(whole)));
  }

  /** How many of the cases so far pass. */
  public String summary() {
    return report.summary();
  }

  private static void check(CaseReplay run, int request) {
    RequestOutcome outcome = run.outcomes().get(request);
    if (outcome.passed()) {
      return;
    }
    String differences = String.join("\n", outcome.differences());
    fail(run.description() + "\n" + differences, outcome.error());
  }
}
