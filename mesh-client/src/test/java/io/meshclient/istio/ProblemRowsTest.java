package io.meshclient.istio;

import static io.meshclient.istio.ProblemRow.REVIEWS;
import static io.meshclient.istio.ProblemRow.row;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** YAML in, problems out. */
class ProblemRowsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource({"fields", "values", "syntax", "kinds"})
  void problems_ofText(String yaml, List<String> expected) {
    ProblemRow.check(yaml, expected);
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        row(
            "misspelt fields",
            REVIEWS
                + """
                  - rout:
                    - destination: {hst: a}
                    match:
                    - uri: {exct: /a}
                    route:
                    - destination: {host: a, sub_set: v1}
                """,
            "MESH0101 x.yaml:7 http[0].rout: unknown field; did you mean \"route\"?",
            "MESH0101 x.yaml:10 http[0].match[0].uri.exct: unknown field; did you mean \"exact\"?",
            "MESH0101 x.yaml:12 http[0].route[0].destination.sub_set: unknown field; did you mean"
                + " \"subset\"?"),
        row(
            "a field one level too deep",
            REVIEWS + "  - route:\n    - destination: {host: a}\n      timeout: 3s\n",
            "MESH0101 x.yaml:9 http[0].route[0].timeout: unknown field; did you mean"
                + " \"http[0].timeout\"?"),
        row(
            "a field one level too high is not missing as well",
            REVIEWS + "  - route:\n    - host: a\n",
            "MESH0101 x.yaml:8 http[0].route[0].host: unknown field; did you mean"
                + " \"destination.host\"?"),
        row(
            "a field that is like no other",
            REVIEWS + "  - route:\n    - destination: {host: a, colour: red}\n",
            "MESH0101 x.yaml:8 http[0].route[0].destination.colour: unknown field (expected: one of"
                + " host, subset, port)"),
        row(
            "the names of the proto count in the mesh configuration only",
            REVIEWS + "  - {route: [{destination: {host: a}}], cors_policy: {}}\n",
            "MESH0101 x.yaml:7 http[0].cors_policy: unknown field; did you mean \"corsPolicy\"?"),
        row(
            "a field there twice",
            REVIEWS + "  - route: []\n    timeout: 1s\n    timeout: 2s\n",
            "MESH0104 x.yaml:9 http[0].timeout: the same key again (expected: once)"),
        row(
            "a required field",
            REVIEWS + "  - route:\n    - destination: {subset: v1}\n    - weight: 3\n",
            "MESH0105 x.yaml:8 http[0].route[0].destination.host: missing (expected: a value)",
            "MESH0105 x.yaml:9 http[0].route[1].destination: missing (expected: a value)"),
        row(
            "a required field that is empty",
            REVIEWS + "  - route:\n    - destination: {host: ''}\n",
            "MESH0105 x.yaml:8 http[0].route[0].destination.host: empty (expected: a value)"),
        row(
            "fields that exclude each other",
            REVIEWS + "  - match: [{uri: {exact: /a, prefix: /b}}]\n    route: []\n",
            "MESH0106 x.yaml:7 http[0].match[0].uri: exact and prefix (expected: at most one of"
                + " exact, prefix, regex)"));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        row(
            "weights",
            REVIEWS
                + """
                  - route:
                    - destination: {host: a}
                      weight: -5
                    - destination: {host: a}
                      weight: "90"
                    - destination: {host: a}
                      weight: 90.5
                    - destination: {host: a}
                      weight: 99999999999
                """,
            "MESH0103 x.yaml:9 http[0].route[0].weight: -5 (expected: 0..2147483647)",
            "MESH0102 x.yaml:11 http[0].route[1].weight: \"90\" (expected: an integer, without"
                + " quotes)",
            "MESH0102 x.yaml:13 http[0].route[2].weight: 90.5 (expected: an integer)",
            "MESH0103 x.yaml:15 http[0].route[3].weight: 99999999999 (expected: an integer of 32"
                + " bits)"),
        row(
            "strings without quotes",
            REVIEWS
                + """
                  - match:
                    - headers:
                        a: {exact: true}
                        b: {exact: 1.10}
                        c: {exact: no}
                """,
            "MESH0102 x.yaml:9 http[0].match[0].headers.a.exact: true (expected: a string, in"
                + " quotes: \"true\")",
            "MESH0102 x.yaml:10 http[0].match[0].headers.b.exact: 1.10 (expected: a string, in"
                + " quotes: \"1.10\")",
            "MESH0102 x.yaml:11 http[0].match[0].headers.c.exact: no (expected: a string, in"
                + " quotes: \"no\")"),
        row(
            "durations",
            REVIEWS
                + """
                  - timeout: 10
                    retries: {attempts: 1, perTryTimeout: -1s, backoff: 0s}
                    fault: {delay: {fixedDelay: "5"}}
                    corsPolicy: {maxAge: 1d}
                """,
            "MESH0102 x.yaml:7 http[0].timeout: 10 (expected: a duration such as 10s, 1.5s or"
                + " 250ms, not negative)",
            "MESH0108 x.yaml:8 http[0].retries.perTryTimeout: -1s (expected: a duration such as"
                + " 10s, 1.5s or 250ms, not negative)",
            "MESH0103 x.yaml:8 http[0].retries.backoff: 0s (expected: >= 1ms)",
            "MESH0108 x.yaml:9 http[0].fault.delay.fixedDelay: \"5\" (expected: a duration such as"
                + " 10s, 1.5s or 250ms, not negative)",
            "MESH0108 x.yaml:10 http[0].corsPolicy.maxAge: 1d (expected: a duration such as 10s,"
                + " 1.5s or 250ms, not negative)"),
        row(
            "shapes",
            REVIEWS
                + """
                  - match: {uri: {exact: /a}}
                    retries: 3
                    rewrite: [a]
                    corsPolicy: {allowMethods: GET, allowCredentials: "true"}
                """,
            "MESH0102 x.yaml:7 http[0].match: an object (expected: a list)",
            "MESH0102 x.yaml:8 http[0].retries: 3 (expected: an object)",
            "MESH0102 x.yaml:9 http[0].rewrite: a list (expected: an object)",
            "MESH0102 x.yaml:10 http[0].corsPolicy.allowMethods: GET (expected: a list)",
            "MESH0102 x.yaml:10 http[0].corsPolicy.allowCredentials: \"true\" (expected: true or"
                + " false, without quotes)"),
        row(
            "nothing in a list",
            REVIEWS + "  -\n  - route: [{destination: {host: a}}]\n",
            "MESH0105 x.yaml:7 http[0]: null (expected: a value)"),
        row(
            "constants",
            REVIEWS + "  - redirect: {authority: a, derivePort: from_request_port}\n",
            "MESH0107 x.yaml:7 http[0].redirect.derivePort: from_request_port (expected: one of"
                + " FROM_PROTOCOL_DEFAULT, FROM_REQUEST_PORT); did you mean"
                + " \"FROM_REQUEST_PORT\"?"),
        row(
            "bytes",
            REVIEWS + "  - directResponse: {status: 200, body: {bytes: '%'}}\n",
            "MESH0108 x.yaml:7 http[0].directResponse.body.bytes: \"%\" (expected: base64)"),
        row(
            "labels that are no strings",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels: {version: 2}\n",
            "MESH0102 x.yaml:5 metadata.labels.version: 2 (expected: a string, in quotes: \"2\")"),
        row(
            "a time",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, creationTimestamp: today}\n",
            "MESH0108 x.yaml:3 metadata.creationTimestamp: today (expected: a time such as"
                + " 2026-01-31T12:00:00Z)"));
  }

  static Stream<Arguments> syntax() {
    String namespace = "apiVersion: v1\nkind: Namespace\n";
    return Stream.of(
        row(
            "a tab indents",
            namespace + "metadata:\n\tname: a\n",
            "MESH0110 x.yaml:4 a tab in the indentation (expected: spaces)"),
        row(
            "a tab indents in the midst of a list",
            namespace + "metadata:\n  name: a\n  x:\n  - a\n\t- b\n",
            "MESH0110 x.yaml:7 a tab in the indentation (expected: spaces)"),
        row(
            "two colons",
            namespace + "metadata:\n  name: a: b\n",
            "MESH0110 x.yaml:4 column 10: a \":\" where no key can be (expected: a value with"
                + " \": \" in it in quotes, or other indentation)"),
        row(
            "no colon",
            namespace + "metadata\n  name: a\n",
            "MESH0110 x.yaml:3 column 1: a line that is no \"key: value\" (expected: a \":\")"),
        row(
            "too little indentation",
            namespace + "metadata:\n  name: a\n labels: {}\n",
            "MESH0110 x.yaml:5 column 2: an indentation that fits no line above (expected: the"
                + " same)"),
        row(
            "an open quote",
            namespace + "metadata:\n  name: \"a\n  labels: {}\n",
            "MESH0110 x.yaml:4 column 9: a quote that is not closed (expected: its end)"),
        row(
            "an open bracket",
            namespace + "metadata: {name: a\n",
            "MESH0110 x.yaml:4 column 1: a list or an object in brackets that is not continued"
                + " (expected: a comma or the closing bracket)"),
        row(
            "an alias of nothing",
            namespace + "metadata: *m\n",
            "MESH0110 x.yaml:3 column 11: an alias without its anchor (expected: &name before"
                + " *name)"),
        row(
            "an escape",
            namespace + "metadata: {name: \"\\d\"}\n",
            "MESH0110 x.yaml:3 column 20: an unknown escape in double quotes (expected: \\\\ for a"
                + " backslash, or single quotes)"),
        row(
            "a character of control",
            namespace + "metadata: {name: \u0001}\n",
            "MESH0110 x.yaml:3 the character U+0001 (expected: printable text)"),
        row(
            "a tag",
            namespace + "metadata: !!java.lang.Object {name: a}\n",
            "MESH0112 x.yaml:3 metadata: the tag tag:yaml.org,2002:java.lang.Object (expected:"
                + " none)"),
        row(
            "a list as a key",
            namespace + "metadata: {name: a, [b]: c}\n",
            "MESH0112 x.yaml:3 metadata: a list as a key (expected: a string)"),
        row(
            "a cycle",
            namespace + "metadata: &m\n  name: a\n  labels: *m\n",
            "MESH0112 x.yaml:3 metadata.labels: an alias of itself (expected: no cycle)"));
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        row(
            "a list at the top",
            "- a\n",
            "MESH0121 x.yaml:1 a list (expected: an object with apiVersion, kind and metadata)"),
        row("no kind", "apiVersion: v1\n", "MESH0121 x.yaml:1 kind: missing (expected: a value)"),
        row(
            "no apiVersion",
            "kind: Pod\n",
            "MESH0121 x.yaml:1 apiVersion: missing (expected: a value)"),
        row(
            "a misspelt kind",
            "apiVersion: networking.istio.io/v1\nkind: VirtualServce\n",
            "MESH0122 x.yaml:2 kind: VirtualServce; did you mean \"VirtualService\"?"),
        row(
            "a misspelt group",
            "apiVersion: network.istio.io/v1\nkind: VirtualService\n",
            "MESH0122 x.yaml:1 apiVersion: network.istio.io/v1; did you mean"
                + " \"networking.istio.io/v1\"?"),
        row(
            "a wrong group",
            "apiVersion: v1\nkind: Deployment\n",
            "MESH0122 x.yaml:1 apiVersion: v1; did you mean \"apps/v1\"?"),
        row(
            "a version that is not served",
            "apiVersion: networking.istio.io/v2\nkind: VirtualService\n",
            "MESH0123 x.yaml:1 apiVersion: networking.istio.io/v2 (expected:"
                + " networking.istio.io/v1)"),
        row(
            "no name",
            "apiVersion: v1\nkind: Namespace\n",
            "MESH0105 x.yaml:1 metadata.name: missing (expected: a value)"));
  }
}
