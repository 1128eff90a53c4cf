package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.replay.Corpus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorpusTest {

  @Test
  void cases_haveARecordForEachRequest() throws IOException {
    Corpus corpus = Corpus.shared("traffic");

    assertThat(corpus.names()).hasSize(90);
    for (String name : corpus.names()) {
      assertThat(corpus.expected(name))
          .extracting(recorded -> recorded.get("name").getAsString())
          .as(name)
          .containsExactlyElementsOf(
              CaseReader.read(corpus, name).requests().stream().map(CaseRequest::name).toList());
    }
  }

  @Test
  void records_areEqualToThemselves() throws IOException {
    Corpus corpus = Corpus.shared("traffic");

    for (String name : corpus.names()) {
      List<CaseRequest> requests = CaseReader.read(corpus, name).requests();
      List<JsonObject> recorded = corpus.expected(name);
      for (int i = 0; i < requests.size(); i++) {
        assertThat(Comparison.differences(requests.get(i), recorded.get(i), recorded.get(i)))
            .as("%s, %s", name, requests.get(i).name())
            .isEmpty();
      }
    }
  }

  @Test
  void case_thatSaysLittle_hasTheDefaults() {
    ConformanceCase read = CaseReader.read("a", "", "requests: [{name: b, url: 'http://c/'}]");
    CaseRequest request = read.requests().get(0);

    assertThat(read.namespace()).isEqualTo("production");
    assertThat(read.labels()).isEqualTo(Map.of("app", "web", "version", "v1"));
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.times()).isEqualTo(1);
    assertThat(request.compare())
        .containsExactly(
            "status", "groups", "attempts", "upstream", "response_headers", "local_bodies");
    assertThat(request.exact()).isFalse();
  }

  @Test
  void case_thatSaysMuch_isRead() {
    ConformanceCase read =
        CaseReader.read(
            "a",
            "",
            """
            client: {namespace: staging, labels: {app: batch}}
            settle: 1.3
            requests:
            - {name: b, url: 'http://c/', headers: {x-a: ['1', '2'], x-b: 3}, wait: 0.05, pods: {d: 503}}
            """);
    CaseRequest request = read.requests().get(0);

    assertThat(read.namespace()).isEqualTo("staging");
    assertThat(read.settle()).isEqualTo(Duration.ofMillis(1300));
    assertThat(read.labels()).isEqualTo(Map.of("app", "batch"));
    assertThat(request.headers())
        .containsExactly(new Header("x-a", "1"), new Header("x-a", "2"), new Header("x-b", "3"));
    assertThat(request.delay()).isEqualTo(Duration.ofMillis(50));
    assertThat(request.pods()).isEqualTo(Map.of("d", "503"));
  }

  @Test
  void fieldNotKnown_fails() {
    assertThatThrownBy(() -> CaseReader.read("a", "", "requests: [{name: b, url: c, tmes: 3}]"))
        .hasMessage("a: [tmes] (expected: fields that the corpus' README names)");
  }
}
