package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import okhttp3.Request;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The line that a decision is in a log. */
@Timeout(60)
class DecisionWordsTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - match: [{uri: {exact: /fault}}]
          fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
          route: [{destination: {host: orders}}]
        - match: [{uri: {exact: /slowed}}]
          fault: {delay: {fixedDelay: 1ms, percentage: {value: 100}}}
          route: [{destination: {host: orders}}]
        - match: [{uri: {exact: /busy}}]
          retries: {attempts: 1, retryOn: 5xx, backoff: 1ms}
          route: [{destination: {host: orders}}]
        - match: [{uri: {exact: /gone}}]
          redirect: {uri: /there, redirectCode: 308}
        - match: [{uri: {exact: /there}}]
          directResponse: {status: 204}
        - match: [{uri: {exact: /subset}}]
          route: [{destination: {host: orders, subset: none}}]
      """;

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void toString_tellsWhatWasDecided(String path, String expected) throws IOException {
    List<Decision> decisions = new CopyOnWriteArrayList<>();
    try (TestServer server =
            new TestServer(
                seen ->
                    new TestServer.Answer(seen.uri().startsWith("/busy") ? 503 : 200, "answer"));
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .config(ConfigSource.yaml("rules.yaml", RULES))
                .endpoint("orders", server.hostPort())
                .onDecision(decisions::add)
                .build()) {
      String url = path.startsWith("/") ? "http://orders:8080" + path : path + server.port();
      mesh.okHttpClient().newCall(new Request.Builder().url(url).build()).execute().close();

      assertThat(decisions.get(0).toString().replace(":" + server.port(), ":PORT"))
          .startsWith("GET " + expected)
          .endsWith(" ms");
    }
  }

  static Stream<Arguments> lines() {
    String orders = " -> orders.default.svc.cluster.local [rules.yaml:";
    return Stream.of(
        arguments(
            named("a fault", "/fault"),
            "orders:8080/fault"
                + orders
                + "7 http[0] uri exact \"/fault\"] 418 FI (a fault answered it) in "),
        arguments(
            named("a delay", "/slowed"),
            "orders:8080/slowed"
                + orders
                + "10 http[1] uri exact \"/slowed\"] 200 DI (a fault delayed it) in "),
        arguments(
            named("a retry", "/busy"),
            "orders:8080/busy"
                + orders
                + "13 http[2] uri exact \"/busy\"] 503 URX (no retry left) after 2 tries in "),
        arguments(
            named("a redirect", "/gone"),
            "orders:8080/gone [rules.yaml:16 http[3] uri exact \"/gone\"] 308 in "),
        arguments(
            named("a direct response", "/there"),
            "orders:8080/there [rules.yaml:18 http[4] uri exact \"/there\"] 204 in "),
        arguments(
            named("an unknown subset", "/subset"),
            "orders:8080/subset -> outbound|*|none|orders.default.svc.cluster.local"
                + " [rules.yaml:20 http[5] uri exact \"/subset\"] 503 NC (no such cluster) in "),
        arguments(
            named("no rule", "/other"),
            "orders:8080/other [no rule] 404 NR (no rule takes it) in "),
        arguments(
            named("an unknown host", "http://localhost:"),
            "localhost:PORT/ -> where it was meant to go (PassthroughCluster) [ALLOW_ANY: hosts"
                + " that nothing knows pass through] 200 in "));
  }
}
