package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class XfccTest {
  private static final SpiffeId OWN = SpiffeId.parse("spiffe://td/own");
  private static final String BY = "By=spiffe://td/own;";

  static Stream<Arguments> callers() {
    return Stream.of(
        arguments("no line", null, List.of()),
        arguments("blank line", null, List.of(" ")),
        arguments("plain", "spiffe://td/a", List.of(BY + "URI=spiffe://td/a")),
        arguments(
            "as Istio's sidecar writes it",
            "spiffe://td/a",
            List.of(BY + "Hash=0a1b;Subject=\"\";URI=spiffe://td/a")),
        arguments(
            "last element", "spiffe://td/b", List.of("By=x;URI=y," + BY + "URI=spiffe://td/b")),
        arguments(
            "last line",
            "spiffe://td/b",
            List.of(BY + "URI=spiffe://td/a", BY + "URI=spiffe://td/b")),
        arguments("blank last line", "spiffe://td/a", List.of(BY + "URI=spiffe://td/a", "")),
        arguments("no URI", null, List.of(BY + "Hash=0a")),
        arguments("empty URI", null, List.of(BY + "Subject=\"CN=a\";URI=")),
        arguments(
            "keys in any case", "spiffe://td/a", List.of("bY=spiffe://td/own;uRi=spiffe://td/a")),
        arguments(
            "spaces", "spiffe://td/a", List.of(" By = spiffe://td/own ; URI =\tspiffe://td/a ")),
        arguments(
            "quoted", "spiffe://td/a", List.of("By=\"spiffe://td/own\";URI=\"spiffe://td/a\"")),
        arguments(
            "several of our own",
            "spiffe://td/a",
            List.of("By=spiffe://old/own;" + BY + "URI=spiffe://td/a")),
        arguments("unknown key", "spiffe://td/a", List.of(BY + "New=1;New=2;URI=spiffe://td/a")),
        arguments(
            "separators in quotes",
            "spiffe://td/a",
            List.of(BY + "Subject=\"O=x\\\",By=y;URI=spiffe://td/forged\";URI=spiffe://td/a")),
        arguments(
            "backslash at the end of quotes",
            "spiffe://td/a",
            List.of(BY + "Subject=\"CN=x\\\\\";URI=spiffe://td/a")),
        arguments(
            "JSON object",
            "spiffe://td/a",
            List.of("{\"By\":\"spiffe://td/own\",\"URI\":\"spiffe://td/a\"}")),
        arguments(
            "JSON array",
            "spiffe://td/a",
            List.of(
                "[{\"By\":\"x\",\"URI\":\"y\"},"
                    + "{\"by\":[\"spiffe://td/own\"],\"uri\":[\"spiffe://td/a\"],\"DNS\":[]}]")),
        arguments("JSON of nobody", null, List.of("[]")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callers")
  void caller_is_whom_the_last_element_names(String name, String caller, List<String> lines)
      throws InvalidXfccException {
    SpiffeId found = Xfcc.caller(lines, OWN);

    assertThat(found == null ? null : found.toString()).isEqualTo(caller);
  }

  static Stream<Arguments> refused() {
    String uri = BY + "URI=spiffe://td/a";
    return Stream.of(
        arguments("no By", "URI=spiffe://td/a", "By: \"\" (expected: spiffe://td/own)"),
        arguments("By of another", "By=spiffe://td/x;URI=spiffe://td/a", "By: \"spiffe://td/x\""),
        arguments("By in upper case", "By=spiffe://TD/own;URI=spiffe://td/a", "By: "),
        arguments("By us in an earlier element", uri + ",By=x;URI=spiffe://td/b", "By: \"x\""),
        arguments("two URIs", uri + ";URI=spiffe://td/b", "URI: 2 of them (expected: 1)"),
        arguments("one URI twice", uri + ";URI=spiffe://td/a", "URI: 2 of them"),
        arguments("no ID", BY + "URI=https://td/a", "URI: \"https://td/a\": scheme: 'h' at 0"),
        arguments("ID in upper case", BY + "URI=spiffe://TD/a", "'T' at 9"),
        arguments("ID encoded", BY + "URI=spiffe%3A%2F%2Ftd%2Fa", "percent-encoding"),
        arguments("trust domain", BY + "URI=spiffe://td", "expected: an ID with a path"),
        arguments("no value", "By", "no = behind \"By\" at 2"),
        arguments("no pair", ";", "no = behind \"\" at 0"),
        arguments("semicolon at the end", uri + ";", "no = behind"),
        arguments("comma at the end", uri + ",", "no = behind"),
        arguments("empty element", uri + ",," + uri, "no = behind"),
        arguments("element of another header", uri + ",hello", "no = behind \"hello\""),
        arguments("no key", "=x;" + uri, "key \"\" (expected: a name)"),
        arguments("quoted key", "\"By\"=x", "no = behind"),
        arguments("key with a space", "B y=x;" + uri, "key \"B y\" (expected: a name)"),
        arguments("key with a dotless i", BY + "UR\u0131=spiffe://td/a", "key \"UR\\u0131\""),
        arguments("quote without end", BY + "URI=\"spiffe://td/a", "quote without end"),
        arguments("escaped end", BY + "URI=\"spiffe://td/a\\\"", "quote without end"),
        arguments("quote within", BY + "URI=spiffe://td/\"a\"", "quote within a value"),
        arguments("more behind a quote", BY + "URI=\"spiffe://td/a\"b", "more behind a value"),
        arguments("hash twice", uri + ";Hash=a;hash=b", "hash: twice in an element"),
        arguments("subject twice", uri + ";Subject=\"\";Subject=\"\"", "Subject: twice"),
        arguments("line feed", BY + "\nURI=spiffe://td/a", "control character at 19"),
        arguments("NUL", uri + "\0", "control character at 36"),
        arguments("bad early element", "x," + uri, "no = behind \"x\""),
        arguments("JSON cut off", "[{\"By\":\"x\"", "JSON: "),
        arguments("JSON name twice", "{\"By\":\"x\",\"By\":\"y\"}", "JSON: name twice"),
        arguments("JSON number", "{\"By\":1}", "\"By\": no string"),
        arguments("JSON null", "{\"URI\":null}", "\"URI\": no string"),
        arguments("JSON strings", "[\"By\"]", "no object"),
        arguments("JSON key", "{\"UR\u0131\":\"spiffe://td/a\"}", "key \"UR\\u0131\""),
        arguments("JSON and text", "[],By=x", "JSON: more behind the value"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void header_that_does_not_say_who_is_refused(String name, String line, String reason) {
    assertThatThrownBy(() -> Xfcc.caller(List.of(line), OWN))
        .isInstanceOf(InvalidXfccException.class)
        .hasMessageStartingWith("x-forwarded-client-cert: ")
        .hasMessageContaining(reason)
        .message()
        .matches("[ -~]+");
  }

  @Test
  void quote_does_not_reach_into_the_next_line() {
    assertThatThrownBy(
            () -> Xfcc.caller(List.of("By=x;Subject=\"a", "b\";" + BY + "URI=spiffe://td/a"), OWN))
        .hasMessageContaining("quote without end");
  }

  @Test
  void element_has_all_that_was_said() throws InvalidXfccException {
    List<XfccElement> elements =
        Xfcc.parse(
            List.of(
                "By=b1;By=b2;Hash=0a;Cert=\"c%20d\";Chain=\"e\";"
                    + "Subject=\"/C=US,CN=a\\,b \\\"c\\\" \\x\";URI=u1;URI=u2;DNS=d1;DNS=d2"));

    assertThat(elements)
        .containsExactly(
            new XfccElement(
                List.of("b1", "b2"),
                List.of("u1", "u2"),
                List.of("d1", "d2"),
                "0a",
                "/C=US,CN=a\\,b \"c\" \\x",
                "c%20d",
                "e"));
  }

  @Test
  void spoiled_header_is_read_or_refused() {
    String marks = "\",;=\\ \t{}[]:spBUa\u0000\u00e4\u0131";
    String text =
        "By=x;Subject=\"a\\\"b\";URI=y," + BY + "Hash=0a;Subject=\"CN=a\\,b\";URI=spiffe://td/a";
    String json = "[{\"By\":[\"spiffe://td/own\"],\"URI\":\"spiffe://td/a\"}]";

    for (String good : List.of(text, json)) {
      Mutations.assertReadOrRefused(
          good, marks, 20_000, InvalidXfccException.class, line -> Xfcc.caller(List.of(line), OWN));
    }
  }
}
