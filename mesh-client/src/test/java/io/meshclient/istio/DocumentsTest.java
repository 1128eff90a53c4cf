package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams of documents: what is read of them, and what does not spoil what. */
class DocumentsTest {

  @Test
  void brokenDocument_leavesTheOthers() {
    Configuration read =
        read(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: a}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: misspelt}
            spec:
              hosts: [a]
              http:
              - rout: [{destination: {host: a}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: weights}
            spec:
              hosts: [a]
              http:
              - route: [{destination: {host: a}, weight: -1}]
            ---
            apiVersion: v1
            kind: Namespace
            metadata:
            \tname: tab
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: b}
            """);

    assertThat(read.all(Namespace.class)).map(n -> n.metadata().name()).containsExactly("a", "b");
    assertThat(read.resources()).hasSize(2);
    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0101 x.yaml:11 http[0].rout: unknown field; did you mean \"route\"?",
            "MESH0103 x.yaml:19 http[0].route[0].weight: -1 (expected: 0..2147483647)",
            "MESH0110 x.yaml:24 a tab in the indentation (expected: spaces)");
  }

  @Test
  void location_hasFileLineAndFullPath() {
    Configuration read =
        read(ProblemRow.REVIEWS + "  - route: [{destination: {host: a}, weight: -1}]\n");

    assertThat(read.problems())
        .map(Problem::location)
        .containsExactly(new Location("x.yaml", 7, "spec.http[0].route[0].weight"));
  }

  @Test
  void weightAboveHundred_isHonouredWithAWarning() {
    Configuration read =
        read(ProblemRow.REVIEWS + "  - route: [{destination: {host: a}, weight: 300}]\n");

    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0103 x.yaml:7 http[0].route[0].weight: 300 (expected: 0..100); it is honoured as Istio does it, as a share of the sum of the weights");
    assertThat(read.problems()).map(Problem::severity).containsOnly(Problem.Severity.WARNING);
    VirtualService service = read.all(VirtualService.class).get(0);
    assertThat(service.spec().http().get(0).route().get(0).weight()).isEqualTo(300);
  }

  @Test
  void markersCommentsAndDirectives_areNoDocuments() {
    Configuration read =
        read(
            """
            # Written by hand.
            %YAML 1.1
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: a}
            ...
            ---
            # nothing
            ---

            --- # the next
            apiVersion: v1
            kind: Namespace
            metadata: {name: b, annotations: {text: "----", more: "a
              --- b"}}
            """);

    assertThat(read.problems()).isEmpty();
    assertThat(read.resources()).map(r -> r.location().line()).containsExactly(4, 13);
  }

  @Test
  void byteOrderMarkAndCarriageReturns_areRead() {
    Configuration read =
        read("\uFEFFapiVersion: v1\r\nkind: Namespace\r\nmetadata: {name: a}\r\n---\r\nx: [\r\n");

    assertThat(read.all(Namespace.class)).hasSize(1);
    assertThat(read.problems()).map(p -> p.location().line()).containsExactly(6);
  }

  @Test
  void items_areDocumentsOfTheirOwn() {
    Configuration read =
        read(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Namespace
              metadata: {name: a}
            - apiVersion: v1
              kind: Namespace
              metadata: {name: 5}
            - apiVersion: v1
              kind: List
              items:
              - {apiVersion: v1, kind: Namespace, metadata: {name: b}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualServiceList
            items:
            - metadata: {name: c}
              spec: {hosts: [c], http: [{route: [{destination: {host: c}}]}]}
            """);

    assertThat(read.resources()).map(r -> r.metadata().name()).containsExactly("a", "b", "c");
    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0102 x.yaml:9 metadata.name: 5 (expected: a string, in quotes: \"5\")");
  }

  @Test
  void json_isReadWithItsTabsAndEscapes() {
    String json =
        """
        {
        \t"apiVersion": "v1", "kind": "Namespace",
        \t"metadata": {
        \t\t"name":"a",
        \t\t"annotations": {"path": "\\/x", "face": "\\ud83d\\ude00", "tab": "\\t", "q": "\\"\\/\\""}
        \t}
        }
        """;
    Configuration read = Configuration.read(ConfigSource.yaml("x.json", json));

    assertThat(read.problems()).isEmpty();
    assertThat(read.resources().get(0).metadata().annotations())
        .containsEntry("path", "/x")
        .containsEntry("face", "\ud83d\ude00")
        .containsEntry("tab", "\t")
        .containsEntry("q", "\"/\"");
  }

  @Test
  void kindsOfOthers_arePassedOver() {
    Configuration read =
        read(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: a}
            ---
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: a}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: a}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            data: {some: thing}
            """);

    assertThat(read.problems()).isEmpty();
    assertThat(read.resources()).isEmpty();
  }

  @Test
  void sameResourceAgain_replacesTheEarlier() {
    String one = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {v: '1'}}\n";
    String two = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {v: '2'}}\n";

    Configuration read =
        Configuration.read(
            List.of(
                ConfigSource.yaml("1.yaml", one),
                ConfigSource.yaml("b.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: b}"),
                ConfigSource.yaml("2.yaml", two)));

    assertThat(read.resources()).map(r -> r.metadata().name()).containsExactly("a", "b");
    assertThat(read.resources().get(0).metadata().labels()).containsEntry("v", "2");
    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0124 2.yaml:1 Namespace a again: it replaces the one of 1.yaml:1 (expected: one)");
  }

  @Test
  void mergeKeysAndAliases_areResolved() {
    Configuration read =
        read(
            ProblemRow.REVIEWS
                + """
                  - &first
                    timeout: 3s
                    route: &route [{destination: {host: a}}]
                  - <<: *first
                    timeout: 4s
                  - {<<: [*first], name: third}
                  - route: *route
                """);

    assertThat(read.problems()).isEmpty();
    assertThat(read.all(VirtualService.class).get(0).spec().http())
        .map(rule -> rule.timeout() + " " + rule.route().get(0).destination().host())
        .containsExactly("PT3S a", "PT4S a", "PT3S a", "null a");
  }

  private static Configuration read(String yaml) {
    return Configuration.read(ConfigSource.yaml("x.yaml", yaml));
  }
}
