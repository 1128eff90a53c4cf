package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.TestServer.Answer;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Header operations of rules, as the destination and the application see them. */
@Timeout(60)
class HeaderOperationsTest {
  private final TestServer server = new TestServer(request -> Answer.ok("ok"));

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          set of host           | {request: {set: {Host: a}}}                          |                            | a
          add of host           | {request: {add: {host: a}}}                          |                            | a
          set beats add         | {request: {add: {host: a}, set: {':authority': b}}}  |                            | b
          empty set             | {request: {set: {host: ''}}}                         |                            | orders
          of destination        |                                                      | {request: {add: {host: a}}}| a
          route beats it        | {request: {add: {host: a}}}                          | {request: {set: {host: b}}}| a
          """)
  void host_isRewritten(String name, String ofRoute, String ofDestination, String host)
      throws IOException {
    call(rule(ofRoute, ofDestination, ""), request("/x")).close();
    assertThat(server.seen.get(0).host()).isEqualTo(host);
  }

  @Test
  void host_ofAnyOfSeveralDestinations_givesWayToTheRoutes() throws IOException {
    String several =
        """
        headers: {request: {set: {host: of-the-route}}}
          route:
          - {destination: {host: orders}, weight: 1, headers: {request: {set: {host: other}}}}
          - {destination: {host: orders}, weight: 1, headers: {request: {set: {host: other}}}}
        """;
    call(several, request("/x")).close();
    assertThat(server.seen.get(0).host()).isEqualTo("of-the-route");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          additions come last   | {request: {add: {x: a}}}                     | {request: {set: {x: b}}}      | x=[b, a]
          the last set holds    | {request: {set: {x: a}}}                     | {request: {set: {x: b}}}      | x=[b]
          removals come first   | {request: {set: {x: '%REQ(x)%'}, remove: [x]}} |                             |
          of its own level      | {request: {set: {x: '1', y: '%REQ(x)%'}}}    |                               | x=[1], y=[old]
          """)
  void request_hasTheHeaders(String name, String ofRoute, String ofDestination, String headers)
      throws IOException {
    call(rule(ofRoute, ofDestination, ""), request("/x").header("x", "old")).close();
    Map<String, List<String>> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    seen.putAll(server.seen.get(0).headers());
    seen.keySet().retainAll(List.of("X", "Y"));
    assertThat(seen.toString().toLowerCase(java.util.Locale.ROOT))
        .isEqualTo("{" + (headers == null ? "" : headers) + "}");
  }

  @Test
  void answer_speaksOfTheRequestAsItWasSent() throws IOException {
    String rule =
        rule(
            "{request: {set: {x-a: new}}, response: {set: {x-r: '%REQ(x-a)% %REQ(:path)%"
                + " %REQ(host)%'}}}",
            null, "rewrite: {uri: /to, authority: b}");
    try (Response response = call(rule, request("/x?q=1").header("x-a", "old"))) {
      assertThat(response.header("x-r")).isEqualTo("new /tox?q=1 b");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          of a pod          |                                                        | 200 -
          of a fault        | fault: {abort: {httpStatus: 418, percentage: {value: 100}}} | 0 FI
          of no rule's host | route: [{destination: {host: nobody.example.com}}]      | 0 NC
          directly          | directResponse: {status: 418}                          | 0 -
          a redirect        | redirect: {uri: /y}                                    | 0 -
          """)
  void responseCode_isThatOfAnEndpoint(String name, String action, String value)
      throws IOException {
    String rule = "headers: {response: {set: {x-r: '%RESPONSE_CODE% %RESPONSE_FLAGS%'}}}\n  ";
    rule += action == null ? "" : action + "\n  ";
    if (action == null || action.startsWith("fault")) {
      rule += "route: [{destination: {host: orders}}]";
    }
    try (Response response = call(rule, request("/x"))) {
      assertThat(response.header("x-r")).isEqualTo(value);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          of a body        | headers: {content-type: {prefix: application/json}}
          length of a body | headers: {content-length: {exact: '2'}}
          host             | headers: {host: {prefix: orders}}
          scheme           | scheme: {exact: https}
          forwarded        | headers: {x-forwarded-proto: {exact: https}}
          """)
  void match_seesWhatIsSent(String name, String match) throws IOException {
    String rule =
        """
        match: [{%s}]
          directResponse: {status: 418}
        - route: [{destination: {host: orders}}]
        """
            .formatted(match);
    Request.Builder request =
        request("/x")
            .header("x-forwarded-proto", "https")
            .post(RequestBody.create("{}", MediaType.get("application/json")));
    try (Response response = call(rule, request)) {
      assertThat(response.code()).isEqualTo(418);
    }
  }

  private static String rule(String ofRoute, String ofDestination, String more) {
    return (ofRoute == null ? "" : "headers: " + ofRoute + "\n  ")
        + (more.isEmpty() ? "" : more + "\n  ")
        + "route: [{destination: {host: orders}"
        + (ofDestination == null ? "" : ", headers: " + ofDestination)
        + "}]";
  }

  private static Request.Builder request(String path) {
    return new Request.Builder().url("http://orders" + path);
  }

  private Response call(String rule, Request.Builder request) throws IOException {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: default}
        spec:
          hosts: [orders]
          http:
          - %s
        """
            .formatted(rule.strip().replace("\n", "\n  "));
    try (MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .service("web")
            .config(ConfigSource.yaml("rules.yaml", yaml))
            .endpoint("orders", server.hostPort())
            .build()) {
      OkHttpClient http =
          mesh.instrument(new OkHttpClient.Builder().followRedirects(false)).build();
      return http.newCall(request.build()).execute();
    }
  }
}
