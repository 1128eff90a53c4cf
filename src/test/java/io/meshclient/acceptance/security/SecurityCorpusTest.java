package io.meshclient.acceptance.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.security.SecurityRequest.TokenPlace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecurityCorpusTest {

  @Test
  void cases_haveARecordForEachRequest() throws IOException {
    Corpus corpus = Corpus.shared("security");

    assertThat(corpus.names()).hasSize(67);
    for (String name : corpus.names()) {
      SecurityCase read = SecurityCaseReader.read(corpus, name);
      List<JsonObject> recorded = corpus.expected(name);
      assertThat(recorded)
          .extracting(record -> record.get("name").getAsString())
          .as(name)
          .containsExactlyElementsOf(read.requests().stream().map(SecurityRequest::name).toList());
      for (int i = 0; i < recorded.size(); i++) {
        assertThat(Outbound.of(read.requests().get(i), recorded.get(i)).text()).contains("Host: ");
      }
    }
  }

  @Test
  void case_thatSaysLittle_hasTheDefaults() {
    SecurityCase read = SecurityCaseReader.read("a", "requests: [{name: b}]");
    SecurityRequest request = read.requests().get(0);

    assertThat(read.namespace()).isEqualTo("production");
    assertThat(read.labels()).isEqualTo(Map.of("app", "payment-service", "version", "v1"));
    assertThat(request.target()).isEqualTo("/");
    assertThat(request.host()).isEqualTo("payment-service.production.svc.cluster.local:8080");
    assertThat(request.caller().tls()).isFalse();
    assertThat(request.caller().identity()).isNull();
    assertThat(request.caller().sourceAddress()).isEqualTo("127.2.9.1");
    assertThat(request.caller().port()).isEqualTo(8080);
    assertThat(request.compare()).containsExactly("status", "body", "upstream");
  }

  @Test
  void caller_hasTheIdentityOfItsTrustDomain() {
    SecurityCase read =
        SecurityCaseReader.read(
            "a",
            """
            requests:
            - {name: b, from: staging/web, trust_domain: old.local}
            - {name: c, from: "spiffe://x/y"}
            """);

    assertThat(read.requests())
        .extracting(request -> request.caller().identity())
        .containsExactly("spiffe://old.local/ns/staging/sa/web", "spiffe://x/y");
    assertThat(read.requests()).allMatch(request -> request.caller().tls());
  }

  @Test
  void tokens_goWhereTheCaseSays() {
    SecurityCase read =
        SecurityCaseReader.read(
            "a",
            """
            requests:
            - {name: b, path: "/x?y=1", jwt: [{key: rsa-1}, {param: t}, {header: x-t, prefix: ""}]}
            """);
    SecurityRequest request = read.requests().get(0);

    assertThat(request.tokens()).contains(new TokenPlace("x-t", "", null));
    Outbound outbound = Outbound.of(request, List.of("1", "2", "3"));
    assertThat(outbound.target()).isEqualTo("/x?y=1&t=2");
    assertThat(outbound.headers())
        .contains(new Header("Authorization", "Bearer 1"), new Header("x-t", "3"));
  }

  @Test
  void request_thatIsRefusedAndPassedOn_differs() {
    SecurityRequest request =
        SecurityCaseReader.read("a", "requests: [{name: b, compare: [status]}]").requests().get(0);
    JsonObject want = new JsonObject();
    want.addProperty("status", 403);
    JsonObject got = want.deepCopy();
    got.add("upstream", new JsonObject());

    assertThat(SecurityComparison.differences(request, want, got, Set.of(), Set.of()))
        .containsExactly("upstream: {} (expected: nothing gets there)");
  }

  @Test
  void fieldNotKnown_fails() {
    assertThatThrownBy(() -> SecurityCaseReader.read("a", "requests: [{name: b, pth: /x}]"))
        .hasMessage("a: [pth] (expected: fields that the corpus' README names)");
  }
}
