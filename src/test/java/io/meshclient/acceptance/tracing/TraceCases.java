package io.meshclient.acceptance.tracing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tests of the published harness at levels 2 of strictness and of the recommendation. */
final class TraceCases {
  private static final String TRACE = Wanted.TRACE;
  private static final String PARENT = Wanted.PARENT;
  private static final String IDS = TRACE + "-" + PARENT;
  private static final String VALID = "00-" + IDS + "-01";
  private static final String NOT_SAMPLED = "00-" + IDS + "-00";
  private static final String MORE = "what-the-future-will-be-like";

  private TraceCases() {}

  static List<TraceCase> all() {
    List<TraceCase.Builder> all = new ArrayList<>();
    all.addAll(traceparents());
    all.addAll(malformed());
    all.addAll(tracestates());
    all.addAll(limits());
    all.addAll(severalCalls());
    return all.stream().map(TraceCase.Builder::build).toList();
  }

  private static TraceCase.Builder test(String name) {
    return TraceCase.named(name);
  }

  private static List<TraceCase.Builder> traceparents() {
    return List.of(
        test("both_traceparent_and_tracestate_missing").with(false, ""),
        test("traceparent_included_tracestate_missing").newParents().goesOn(VALID),
        test("traceparent_duplicated")
            .with(
                false,
                "",
                "traceparent",
                "00-12345678901234567890123456789011-" + PARENT + "-01",
                "traceparent",
                VALID),
        test("traceparent_header_name")
            .with(false, "", "trace-parent", VALID)
            .with(false, "", "trace.parent", VALID),
        test("traceparent_header_name_valid_casing")
            .with(true, "", "TraceParent", VALID)
            .with(true, "", "TrAcEpArEnT", VALID)
            .with(true, "", "TRACEPARENT", VALID),
        test("traceparent_version_0x00").begins(VALID + ".", VALID + "-" + MORE),
        test("traceparent_version_0xcc")
            .goesOn("cc-" + IDS + "-01", "cc-" + IDS + "-01-" + MORE)
            .begins("cc-" + IDS + "-01." + MORE),
        test("traceparent_version_0xff").begins("ff-" + IDS + "-01"),
        test("traceparent_ows_handling")
            .goesOn(" " + VALID, "\t" + VALID, VALID + " ", VALID + "\t", "\t " + VALID + " \t"),
        test("propagates_random_flag").newParents().flags(2).goesOn("00-" + IDS + "-02"));
  }

  private static List<TraceCase.Builder> malformed() {
    String end = "-" + PARENT + "-01";
    String begin = "00-" + TRACE + "-";
    return List.of(
        test("traceparent_version_illegal_characters")
            .begins(".0-" + IDS + "-01", "0.-" + IDS + "-01"),
        test("traceparent_version_too_long").begins("000-" + IDS + "-01", "0000-" + IDS + "-01"),
        test("traceparent_version_too_short").begins("0-" + IDS + "-01"),
        test("traceparent_trace_id_all_zero").begins("00-" + "0".repeat(32) + end),
        test("traceparent_trace_id_illegal_characters")
            .begins("00-." + TRACE.substring(1) + end, "00-" + TRACE.substring(1) + "." + end),
        test("traceparent_trace_id_too_long").begins("00-" + TRACE + "3" + end),
        test("traceparent_trace_id_too_short").begins("00-" + TRACE.substring(1) + end),
        test("traceparent_parent_id_all_zero").begins(begin + "0".repeat(16) + "-01"),
        test("traceparent_parent_id_illegal_characters")
            .begins(
                begin + "." + PARENT.substring(1) + "-01",
                begin + PARENT.substring(1) + "." + "-01"),
        test("traceparent_parent_id_too_long").begins(begin + PARENT + "7-01"),
        test("traceparent_parent_id_too_short").begins(begin + PARENT.substring(1) + "-01"),
        test("traceparent_trace_flags_illegal_characters")
            .begins("00-" + IDS + "-.0", "00-" + IDS + "-0."),
        test("traceparent_trace_flags_too_long").begins("00-" + IDS + "-001"),
        test("traceparent_trace_flags_too_short").begins("00-" + IDS + "-1"));
  }

  private static List<TraceCase.Builder> tracestates() {
    String letters = "abcdefghijklmnopqrstuvwxyz";
    String key = letters + "0123456789_-*/";
    String value =
        " !\"#$%&'()*+-./0123456789:;<>?@"
            + letters.toUpperCase(Locale.ROOT)
            + "[\\]^_`"
            + letters
            + "{|}~";
    return List.of(
        test("tracestate_included_traceparent_missing")
            .with(false, "", "tracestate", "foo=1")
            .with(false, "", "tracestate", "foo=1,bar=2"),
        test("tracestate_included_traceparent_included").state("foo=1,bar=2", "foo=1,bar=2"),
        test("tracestate_header_name")
            .with(true, "", "traceparent", NOT_SAMPLED, "trace-state", "foo=1")
            .with(true, "", "traceparent", NOT_SAMPLED, "trace.state", "foo=1"),
        test("tracestate_header_name_valid_casing")
            .with(true, "foo=1", "traceparent", NOT_SAMPLED, "TraceState", "foo=1")
            .with(true, "foo=1", "traceparent", NOT_SAMPLED, "TrAcEsTaTe", "foo=1")
            .with(true, "foo=1", "traceparent", NOT_SAMPLED, "TRACESTATE", "foo=1"),
        test("tracestate_empty_header")
            .state("", "")
            .state("foo=1", "foo=1", "")
            .state("foo=1", "", "foo=1"),
        test("tracestate_multiple_headers_different_keys")
            .state("foo=1,bar=2,rojo=1,congo=2,baz=3", "foo=1,bar=2", "rojo=1,congo=2", "baz=3"),
        test("tracestate_duplicated_keys")
            .state("foo=1", "foo=1,foo=1")
            .state("foo=1", "foo=1,foo=2")
            .state("foo=1", "foo=1", "foo=1")
            .state("foo=1", "foo=1", "foo=2"),
        test("tracestate_all_allowed_characters")
            .state(key + "=" + value, key + "=" + value)
            .state(key + "@a-z0-9_-*/=" + value, key + "@a-z0-9_-*/=" + value),
        test("tracestate_ows_handling")
            .state("foo=1,bar=2,baz=3", "foo=1 \t , \t bar=2, \t baz=3")
            .state("foo=1,bar=2,baz=3", "foo=1\t \t,\t \tbar=2,\t \tbaz=3")
            .state("foo=1", " foo=1")
            .state("foo=1", "\tfoo=1")
            .state("foo=1", "foo=1 ")
            .state("foo=1", "foo=1\t")
            .state("foo=1", "\t foo=1 \t"));
  }

  private static List<TraceCase.Builder> limits() {
    String most = members(1, 32);
    String z = "z".repeat(256) + "=1";
    String t = "t".repeat(241) + "@" + "v".repeat(14) + "=1";
    return List.of(
        test("tracestate_key_illegal_characters")
            .state("", "foo =1")
            .state("", "FOO=1")
            .state("", "foo.bar=1"),
        test("tracestate_key_illegal_vendor_format")
            .state("foo@=1,bar=2", "foo@=1,bar=2")
            .state("", "@foo=1,bar=2")
            .state("foo@@bar=1,bar=2", "foo@@bar=1,bar=2")
            .state("foo@bar@baz=1,bar=2", "foo@bar@baz=1,bar=2"),
        test("tracestate_member_count_limit")
            .state(most, members(1, 10), members(11, 20), members(21, 30), members(31, 32))
            .state("", members(1, 10), members(11, 20), members(21, 30), members(31, 33)),
        test("tracestate_key_length_limit")
            .state("foo=1," + z, "foo=1", z)
            .state("", "foo=1", "z" + z)
            .state("foo=1," + t, "foo=1", t)
            .state("", "foo=1", "t" + t)
            .state("foo=1," + "t".repeat(242) + "@v=1", "foo=1", "t".repeat(242) + "@v=1")
            .state("foo=1,t@" + "v".repeat(15) + "=1", "foo=1", "t@" + "v".repeat(15) + "=1"),
        test("tracestate_value_illegal_characters")
            .state("", "foo=bar=baz")
            .state("", "foo=,bar=3"));
  }

  private static List<TraceCase.Builder> severalCalls() {
    return List.of(
        test("multiple_requests_with_valid_traceparent").newParents().calls(3).goesOn(VALID),
        test("multiple_requests_without_traceparent").newParents().calls(3).with(false, ""),
        test("multiple_requests_with_illegal_traceparent")
            .newParents()
            .calls(3)
            .begins("00-" + "0".repeat(32) + "-" + PARENT + "-01"));
  }

  private static String members(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> String.format("bar%02d=%02d", i, i))
        .collect(Collectors.joining(","));
  }

  /** Rows of our own: what level 2 asks, and the published harness does not look at. */
  static List<TraceCase> more() {
    return Stream.of(
            test("a key with a digit first").state("foo=1,0a=2,7=3", "foo=1,0a=2", "7=3"),
            test("keys that OpenTelemetry refuses, in order")
                .state("c=1,0=2,a@b@c=3,b=4", "c=1, 0=2,,a@b@c=3", "b=4"),
            test("a value that begins with spaces").state("a=  b,0=  c", "a=  b,0=  c "),
            test("flags that nobody knows").flags(3).goesOn("00-" + IDS + "-ff"))
        .map(TraceCase.Builder::build)
        .toList();
  }
}
