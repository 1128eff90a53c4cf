package io.meshclient.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.policy.Ejection;
import io.meshclient.policy.Endpoint;
import io.meshclient.policy.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectionsTest {
  private static final int ALL = 100;

  private final AtomicInteger changes = new AtomicInteger();
  private long now = Long.MAX_VALUE - seconds(5);
  private final Ejections ejections = new Ejections(() -> now, changes::incrementAndGet);

  /**
   * Outcomes, one letter each: an answer's hundreds (2, 4) or its code's last digit with G (502,
   * 503 or 504: gateway) or S (500); C a failed connect, R a reset, T a timeout.
   */
  @ParameterizedTest(name = "{0}: {5} by {1}/{2}/{3}, split {4}: ejected {6}")
  @CsvSource({
    "three of a kind,              3, 0, 0, false, SSS,     true",
    "two are not enough,           3, 0, 0, false, SS,      false",
    "a success starts again,       3, 0, 0, false, SS2SS,   false",
    "a 404 is a success,           3, 0, 0, false, SS4SS,   false",
    "gateway errors are 5xx,       3, 0, 0, false, SGS,     true",
    "off,                          0, 0, 0, false, SSSSSSS, false",
    "gateway errors,               0, 2, 0, false, GG,      true",
    "500 is none,                  0, 2, 0, false, SSSS,    false",
    "500 starts again,             0, 2, 0, false, GSG,     false",
    "success starts again,         0, 2, 0, false, G2G,     false",
    "either count,                 5, 2, 0, false, SSGG,    true",
    "connect failures are 503,     3, 0, 0, false, CCC,     true",
    "resets are 503,               0, 3, 0, false, RRR,     true",
    "timeouts are 504,             0, 3, 0, false, TTT,     true",
    "split counts connects,        4, 0, 2, true,  CC,      true",
    "split ignores them as 5xx,    2, 2, 5, true,  CCCC,    false",
    "split keeps 5xx,              2, 0, 5, true,  SS,      true",
    "an answer is a connection,    9, 0, 2, true,  CSC,     false",
    "a reset had a connection,     9, 0, 2, true,  RRRR,    false",
    "a timeout had a connection,   9, 0, 2, true,  TTTT,    false",
    "then a connect failure,       9, 0, 2, true,  RC,      true",
    "5xx survive split failures,   2, 0, 9, true,  SCS,     true",
  })
  void outcomes_areCountedAsByEnvoy(
      String row, int all, int gateway, int local, boolean split, String outcomes, boolean out) {
    EndpointState endpoint = endpoints(1).get(0);
    ejections.update(rule(all, gateway, local, split, ALL), List.of(endpoint));
    outcomes.chars().forEach(outcome -> report(endpoint, (char) outcome));
    assertThat(endpoint.isEjected()).as(row).isEqualTo(out);
    assertThat(changes).hasValue(out ? 1 : 0);
  }

  @ParameterizedTest(name = "{0} % of {1}: {2}")
  @CsvSource({
    "10, 9, 0",
    "10, 10, 1",
    "50, 4, 2",
    "50, 5, 2",
    "74, 4, 2",
    "75, 4, 3",
    "33, 3, 0",
    "34, 3, 1",
    "100, 3, 3",
    "100, 1, 1",
    "51, 2, 1",
    "49, 2, 0"
  })
  void share_isNeverExceeded(int percent, int endpoints, int out) {
    List<EndpointState> all = endpoints(endpoints);
    ejections.update(rule(1, 0, 0, false, percent), all);
    all.forEach(endpoint -> ejections.answered(endpoint, 500));
    assertThat(ejections.ejected()).isEqualTo(out);
  }

  @Test
  void endpointThatMayNotGo_isCountedFromNaught() {
    List<EndpointState> all = endpoints(2);
    ejections.update(rule(2, 0, 0, false, 50), all);
    fail(all.get(0), 2);
    fail(all.get(1), 3);
    now += seconds(40);
    ejections.sweep();
    assertThat(ejections.ejected()).isZero();
    fail(all.get(1), 1);
    assertThat(all.get(1).isEjected()).as("3 % 2 + 1 failures").isTrue();
  }

  /** With an interval of 10 s and a base of 30 s; ejected 1 s after a sweep. */
  @Test
  void timeOut_growsWithEachEjection_andShrinksWithEachQuietInterval() {
    EndpointState endpoint = started(rule(1, 0, 0, false, ALL));
    now += seconds(1);
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint)).as("first: 30 s, at the next sweep").isEqualTo(39);
    now += seconds(1);
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint)).as("again, at once: 60 s").isEqualTo(69);
    now += seconds(1);
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint)).as("and again: 90 s").isEqualTo(99);
    now += seconds(21);
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint)).as("after two quiet sweeps: 60 s").isEqualTo(69);
    now += seconds(1000);
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint)).as("after many: 30 s").isEqualTo(30);
    assertThat(endpoint.ejections()).isEqualTo(5);
  }

  @Test
  void timeOut_isBounded() {
    EndpointState endpoint = started(rule(1, 0, 0, false, ALL));
    for (int i = 0; i < 20; i++) {
      fail(endpoint, 1);
      secondsUntilBack(endpoint);
    }
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint)).isEqualTo(300);
    now += seconds(101);
    fail(endpoint, 1);
    assertThat(secondsUntilBack(endpoint))
        .as("the multiplier stops at 11: 10 quiet sweeps leave 1, and one more")
        .isEqualTo(69);
  }

  @Test
  void sweepsThatNobodySaw_arePlayedAsOfTheirTimes() {
    EndpointState endpoint = started(rule(1, 0, 0, false, ALL));
    fail(endpoint, 1);
    now += seconds(30);
    fail(endpoint, 1);
    assertThat(endpoint.isEjected()).as("back by a sweep in between, and out again").isTrue();
    assertThat(endpoint.ejections()).isEqualTo(2);
    now += seconds(100_000);
    ejections.sweep();
    assertThat(endpoint.isEjected()).isFalse();
  }

  @Test
  void return_clearsAllCounts() {
    EndpointState endpoint = started(rule(2, 3, 2, true, ALL));
    fail(endpoint, 3);
    ejections.failed(endpoint, false, 503);
    assertThat(endpoint.isEjected()).isTrue();
    now += seconds(40);
    ejections.sweep();
    fail(endpoint, 1);
    assertThat(endpoint.isEjected()).isFalse();
    ejections.failed(endpoint, false, 503);
    assertThat(endpoint.isEjected()).isFalse();
  }

  @Test
  void newPolicy_keepsWhoIsOut_andOneWithoutEjectionLetsAllReturn() {
    EndpointState endpoint = started(rule(1, 0, 0, false, ALL));
    fail(endpoint, 1);
    ejections.update(rule(4, 0, 0, false, ALL), List.of(endpoint));
    assertThat(endpoint.isEjected()).isTrue();
    ejections.update(null, List.of(endpoint));
    assertThat(endpoint.isEjected()).isFalse();
    fail(endpoint, 9);
    assertThat(endpoint.isEjected()).isFalse();
  }

  @Test
  void endpointThatIsGone_takesNoShare() {
    List<EndpointState> all = endpoints(3);
    ejections.update(rule(1, 0, 0, false, 50), all);
    fail(all.get(0), 1);
    ejections.update(rule(1, 0, 0, false, 50), all.subList(1, 3));
    fail(all.get(0), 5);
    fail(all.get(1), 1);
    assertThat(ejections.ejected()).isEqualTo(1);
    assertThat(all.get(1).isEjected()).isTrue();
  }

  private EndpointState started(Ejection rule) {
    EndpointState endpoint = endpoints(1).get(0);
    ejections.update(rule, List.of(endpoint));
    now += seconds(10);
    ejections.sweep();
    return endpoint;
  }

  private int secondsUntilBack(EndpointState endpoint) {
    int waited = 0;
    while (endpoint.isEjected()) {
      now += seconds(1);
      waited++;
      ejections.sweep();
    }
    return waited;
  }

  private void fail(EndpointState endpoint, int times) {
    for (int i = 0; i < times; i++) {
      ejections.answered(endpoint, 500);
    }
  }

  private void report(EndpointState endpoint, char outcome) {
    switch (outcome) {
      case 'C' -> ejections.failed(endpoint, false, 503);
      case 'R' -> ejections.failed(endpoint, true, 503);
      case 'T' -> ejections.failed(endpoint, true, 504);
      case 'S' -> ejections.answered(endpoint, 500);
      case 'G' -> ejections.answered(endpoint, 502);
      default -> ejections.answered(endpoint, (outcome - '0') * 100);
    }
  }

  private static Ejection rule(int all, int gateway, int local, boolean split, int percent) {
    return new Ejection(
        all, gateway, local, split, seconds(10), seconds(30), seconds(300), percent);
  }

  static List<EndpointState> endpoints(int count) {
    List<EndpointState> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(
          new EndpointState(new Endpoint("e" + i, 1, Map.of(), Locality.UNKNOWN, 1, "", "")));
    }
    return endpoints;
  }

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
