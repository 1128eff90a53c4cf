package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

  @ParameterizedTest(name = "{0} and {1} of {2}")
  @CsvSource({"0.5, 0.5, 600, 0.12047", "0.9, 0.9, 1000, 0.05867", "0, 0, 100, 0.005"})
  void tolerance_isFourDeviationsOfTheDifferenceAndABit(
      double want, double got, int n, double tolerance) {
    assertThat(Comparison.tolerance(want, got, n)).isCloseTo(tolerance, within(0.0001));
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "times: 29              | 15, 14 | true",
        "times: 29              | 14, 15 | false",
        "times: 29, exact: true | 14, 15 | false",
        "times: 30              | 14, 16 | true",
        "times: 30              | 1, 29  | false",
        "times: 30, exact: true | 14, 16 | false",
        "times: 600             | 330, 270 | true",
        "times: 600             | 400, 200 | false",
        "times: 600, tolerance: 0.01 | 310, 290 | false",
        "times: 600, tolerance: 0.2  | 400, 200 | true",
      })
  void counts_areEqualOrWithinTolerance(String fields, String counts, boolean equal) {
    CaseRequest request = request(fields + ", compare: [groups]");
    String want = request.times() < 30 ? "{a: 15, b: 14}" : half(request.times());
    String[] got = counts.split(", ");

    assertThat(differences(request, "groups", want, "{a: " + got[0] + ", b: " + got[1] + "}"))
        .hasSize(equal ? 0 : 1);
  }

  @Test
  void count_ofSomethingNew_differs() {
    assertThat(
            differences(
                request("times: 100, compare: [status]"),
                "status",
                "{200: 100}",
                "{200: 80, 503: 20}"))
        .isNotEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "times: 10              | {a: 9, b: 1}  | true",
        "times: 10              | {a: 10}       | false",
        "times: 10              | {a: 5, c: 5}  | false",
        "times: 10, exact: true | {a: 9, b: 1}  | false",
        "times: 10, exact: true | {a: 5, b: 5}  | true",
        "times: 200             | {a: 110, b: 90} | true",
        "times: 200             | {a: 190, b: 10} | false",
      })
  void pods_ofFewRequests_areASet(String fields, String got, boolean equal) {
    CaseRequest request = request(fields + ", compare: [reached]");
    String half = half(request.times());

    assertThat(differences(request, "reached", half, got)).hasSize(equal ? 0 : 1);
  }

  @Test
  void mirroredGroups_areSharesOfAllRequests() {
    CaseRequest request = request("times: 400, compare: [mirrored_groups]");

    assertThat(differences(request, "mirrored_groups", "{m: 200}", "{m: 190}")).isEmpty();
    assertThat(differences(request, "mirrored_groups", "{m: 200}", "{m: 400}")).hasSize(1);
    assertThat(differences(request, "mirrored_groups", "{m: 400}", "{m: 800}")).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "times: 1  | {min: 120, mean: 120, max: 120} | true",
        "times: 1  | {min: 119, mean: 119, max: 119} | false",
        "times: 1  | {min: 700, mean: 700, max: 700} | true",
        "times: 1  | {min: 701, mean: 701, max: 701} | false",
        "times: 10 | {min: 0, mean: 90, max: 700}    | true",
        "times: 10 | {min: 0, mean: 89, max: 700}    | false",
      })
  void times_areWithinTheirBounds(String fields, String got, boolean equal) {
    CaseRequest request = request(fields + ", compare: [took_ms]");

    assertThat(differences(request, "took_ms", "{min: 200, mean: 200, max: 200}", got))
        .hasSize(equal ? 0 : 1);
  }

  @Test
  void differentThings_haveNoOrder_butASequenceHas() {
    CaseRequest request = request("times: 2, compare: [local_bodies, sequence]");

    assertThat(differences(request, "local_bodies", "['a', 'b']", "['b', 'a']")).isEmpty();
    assertThat(differences(request, "local_bodies", "['a', 'b']", "['a']")).hasSize(1);
    assertThat(differences(request, "sequence", "[[200, a, 1]]", "[[200, a, 1]]")).isEmpty();
    assertThat(differences(request, "sequence", "[[1], [2]]", "[[2], [1]]")).hasSize(1);
  }

  @Test
  void keys_withoutARecordOrNotNamed_areNotCompared() {
    CaseRequest request = request("times: 1");

    assertThat(differences(request, "spread", "{1: 1}", "{2: 1}")).isEmpty();
    assertThat(Comparison.differences(request, json("{}"), json("{status: {200: 1}}"))).isEmpty();
  }

  @Test
  void key_thatIsRecordedButNotObserved_differs() {
    CaseRequest request = request("times: 1, compare: [pods_used]");

    assertThat(Comparison.differences(request, json("{pods_used: 1}"), json("{}")))
        .containsExactly("pods_used: null (expected: 1)");
  }

  private static List<String> differences(
      CaseRequest request, String key, String want, String got) {
    return Comparison.differences(
        request, json("{%s: %s}".formatted(key, want)), json("{%s: %s}".formatted(key, got)));
  }

  private static String half(int n) {
    return "{a: %d, b: %d}".formatted(n / 2, n / 2);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static CaseRequest request(String fields) {
    String yaml = "requests: [{name: a request, url: 'http://a/', " + fields + "}]";
    return CaseReader.read("a case", "", yaml).requests().get(0);
  }
}
