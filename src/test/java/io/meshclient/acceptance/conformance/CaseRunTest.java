package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.replay.RequestOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseRunTest {

  private final List<Outgoing> sent = Collections.synchronizedList(new ArrayList<>());
  private Backends backends;

  @BeforeEach
  void start() throws IOException {
    backends = Backends.start();
  }

  @AfterEach
  void stop() throws IOException {
    backends.close();
  }

  @Test
  void placeholders_areFilledWithIndexAndKey() {
    run("{name: a, url: 'http://h/?i={i}', headers: {x-k: 'k{k}'}, keys: 2, times: 3}", ok());

    assertThat(sent)
        .extracting(Outgoing::url)
        .containsExactly("http://h/?i=0", "http://h/?i=1", "http://h/?i=2");
    assertThat(sent)
        .extracting(outgoing -> Header.first(outgoing.headers(), "x-k").orElseThrow())
        .containsExactly("k0", "k1", "k0");
  }

  @Test
  void host_isTheAuthorityAsWritten_unlessTheCaseGivesOne() {
    run("{name: a, url: 'http://HOST:80/x'}", ok());
    run("{name: a, url: 'http://host?x', headers: {Host: other}}", ok());

    assertThat(sent)
        .extracting(outgoing -> Header.first(outgoing.headers(), "host").orElseThrow())
        .containsExactly("HOST:80", "other");
  }

  @Test
  void cookies_areKeptByKey() {
    Function<Outgoing, Answer> setsCookie =
        outgoing -> Answer.of(200, List.of(new Header("set-cookie", "s=1a2b3c4d5e; Path=/")), "");

    JsonObject observed =
        run("{name: a, url: 'http://h/', keys: 2, times: 4, jar: true}", setsCookie);

    assertThat(sent)
        .extracting(outgoing -> Header.first(outgoing.headers(), "cookie").orElse("none"))
        .containsExactly("none", "none", "s=1a2b3c4d5e", "s=1a2b3c4d5e");
    assertThat(observed.get("response_headers"))
        .isEqualTo(JsonParser.parseString("[[['set-cookie', 's=GENERATED; Path=/']]]"));
  }

  @Test
  void parallelRequests_areAllSent() {
    JsonObject observed = run("{name: a, url: 'http://h/', times: 40, parallel: 8}", ok());

    assertThat(sent).hasSize(40);
    assertThat(observed.get("status")).isEqualTo(JsonParser.parseString("{'200': 40}"));
  }

  @Test
  void answerWithoutPod_isLocal() {
    JsonObject observed =
        run("{name: a, url: 'http://h/', sequence: true}", o -> Answer.of(404, List.of(), "gone"));

    assertThat(observed.get("local_bodies")).isEqualTo(JsonParser.parseString("['gone']"));
    assertThat(observed.get("attempts")).isEqualTo(JsonParser.parseString("{'0': 1}"));
    assertThat(observed.get("sequence")).isEqualTo(JsonParser.parseString("[[404, '-', 0]]"));
  }

  @Test
  void caseExpectedToFail_stopsAtItsFirstFailure() {
    ConformanceCase two =
        read("{name: a, url: 'http://h/'}, {name: b, url: 'http://h/', wait: 60}");
    JsonObject want = JsonParser.parseString("{status: {'503': 1}}").getAsJsonObject();

    CaseRun run = new CaseRun(two, List.of(want, want), factory(ok()), backends, true);

    assertThat(run.outcomes()).extracting(RequestOutcome::ran).containsExactly(true, false);
    assertThat(run.passed()).isFalse();
  }

  @ParameterizedTest(name = "right from run {0} on: passed {1}")
  @CsvSource({"1, true", "3, true", "5, false"})
  void shares_areDrawnAgain_forTheyMayBeChance(int rightFrom, boolean passes) {
    AtomicInteger runs = new AtomicInteger();
    Driver.Factory drivers =
        conformanceCase -> {
          int status = runs.incrementAndGet() < rightFrom ? 503 : 200;
          return factory(outgoing -> Answer.of(status, List.of(), "")).open(conformanceCase);
        };
    JsonObject want = JsonParser.parseString("{status: {'200': 30}}").getAsJsonObject();

    CaseRun run =
        new CaseRun(
            read("{name: a, url: 'http://h/', times: 30}"),
            List.of(want),
            drivers,
            backends,
            false);

    assertThat(run.passed()).isEqualTo(passes);
  }

  @Test
  void driverThatDoesNotOpen_failsAllRequests() {
    CaseRun run =
        new CaseRun(
            read("{name: a, url: 'http://h/'}"),
            List.of(new JsonObject()),
            conformanceCase -> {
              throw new IllegalArgumentException("no such field");
            },
            backends,
            false);

    assertThat(run.outcomes().get(0).differences()).singleElement().asString().contains("no such");
  }

  private JsonObject run(String request, Function<Outgoing, Answer> answers) {
    CaseRun run =
        new CaseRun(read(request), List.of(new JsonObject()), factory(answers), backends, false);
    return run.outcomes().get(0).observed();
  }

  private static ConformanceCase read(String requests) {
    return CaseReader.read("a case", "", "requests: [" + requests + "]");
  }

  private static Function<Outgoing, Answer> ok() {
    return outgoing -> Answer.of(200, List.of(), "");
  }

  private Driver.Factory factory(Function<Outgoing, Answer> answers) {
    return conformanceCase ->
        new Driver() {
          @Override
          public Answer send(Outgoing outgoing) {
            sent.add(outgoing);
            return answers.apply(outgoing);
          }

          @Override
          public List<String> problems() {
            return List.of();
          }

          @Override
          public void close() {}
        };
  }
}
