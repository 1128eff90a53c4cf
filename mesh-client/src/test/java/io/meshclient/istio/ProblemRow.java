package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** A row of the tables: what a document is about, the document, and its problems. */
final class ProblemRow {
  static final String REVIEWS =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: reviews}
      spec:
        hosts: [reviews]
        http:
      """;

  private ProblemRow() {}

  static Arguments row(String name, String yaml, String... problems) {
    return Arguments.of(named(name, yaml), List.of(problems));
  }

  static void check(String yaml, List<String> expected) {
    Configuration read = Configuration.read(ConfigSource.yaml("x.yaml", yaml));

    assertThat(read.problems()).map(Problem::toString).containsExactlyElementsOf(expected);
    assertThat(read.resources()).as("documents without an error").isEmpty();
  }
}
