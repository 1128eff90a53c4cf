package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class ExplainJsonTest {
  private static final String URL = "http://order-service:8080/api/orders?a=1";

  @Test
  void forwarded_request_has_the_documented_shape() {
    JsonObject json =
        explain(
            "--endpoint=order-service/v1=127.0.0.1:8081",
            "--labels",
            "app=web,version=v1",
            URL,
            "-H",
            "x-user-id: 7");

    assertThat(json.keySet())
        .containsExactly(
            "version",
            "problems",
            "request",
            "workload",
            "mesh",
            "virtualHost",
            "rules",
            "excluded",
            "route",
            "outcome");
    assertThat(json.get("version").getAsInt()).isEqualTo(1);
    assertThat(json.getAsJsonObject("request").keySet())
        .containsExactly("method", "url", "authority", "path", "headers");
    assertThat(json.getAsJsonObject("workload").toString())
        .isEqualTo(
            "{\"namespace\":\"production\",\"labels\":{\"app\":\"web\",\"version\":\"v1\"}}");
    assertThat(json.getAsJsonObject("virtualHost").get("matched").getAsString())
        .isEqualTo("order-service");
    assertThat(json.getAsJsonArray("problems").get(0).getAsJsonObject().keySet())
        .containsExactly("code", "severity", "location", "message");
    assertThat(json.getAsJsonArray("rules").get(0).getAsJsonObject().keySet())
        .containsExactly("resource", "path", "location", "name", "condition", "matched", "reason");
    assertThat(json.getAsJsonObject("outcome").toString()).isEqualTo("{\"kind\":\"forward\"}");
  }

  @Test
  void route_has_split_cluster_and_retries() {
    JsonObject route =
        explain("--endpoint=order-service/v1=127.0.0.1:8081", "--random=12.5", URL)
            .getAsJsonObject("route");

    assertThat(route.keySet())
        .containsExactly(
            "draw",
            "drawGiven",
            "split",
            "requestHeaders",
            "responseHeaders",
            "path",
            "host",
            "cluster",
            "timeoutMillis",
            "retries",
            "faults",
            "mirrors");
    assertThat(route.get("draw").getAsDouble()).isEqualTo(12.5);
    assertThat(route.get("drawGiven").getAsBoolean()).isTrue();
    assertThat(route.getAsJsonArray("split").get(0).toString())
        .isEqualTo(
            "{\"cluster\":\"outbound|8080|v1|order-service.production.svc.cluster.local\","
                + "\"subset\":\"v1\",\"from\":0.0,\"to\":90.0,\"picked\":true}");
    assertThat(route.get("path").getAsString()).isEqualTo("/api/orders?a=1");
    assertThat(route.getAsJsonObject("cluster").toString())
        .isEqualTo(
            "{\"name\":\"outbound|8080|v1|order-service.production.svc.cluster.local\","
                + "\"service\":\"order-service.production.svc.cluster.local\",\"subset\":\"v1\","
                + "\"discovery\":\"static\",\"endpoints\":[\"127.0.0.1:8081\"],\"balancing\":\"LEAST_REQUEST\",\"protocol\":\"\","
                + "\"connectTimeoutMillis\":10000,\"limits\":[\"at most 50 requests that wait for a connection\"],\"ejection\":[],\"tls\":null,"
                + "\"settledBy\":\"02-order-traffic.yaml:57\"}");
    assertThat(route.getAsJsonObject("retries").toString())
        .isEqualTo(
            "{\"attempts\":3,\"on\":[\"5xx\",\"connect-failure\",\"refused-stream\",\"reset\"],"
                + "\"perTryTimeoutMillis\":3000,\"waitMillis\":25,\"maxWaitMillis\":250,"
                + "\"otherEndpoints\":true,\"otherLocalities\":false,\"isDefault\":false}");
  }

  @Test
  void rule_that_matched_is_the_last_and_has_no_reason() {
    JsonObject json = explain(URL, "-H", "x-user-id: 42");

    assertThat(json.getAsJsonArray("rules").size()).isEqualTo(2);
    JsonObject last = json.getAsJsonArray("rules").get(1).getAsJsonObject();
    assertThat(last.get("path").getAsString()).isEqualTo("http[1].match[0]");
    assertThat(last.get("location").getAsString()).isEqualTo("02-order-traffic.yaml:18");
    assertThat(last.get("matched").getAsBoolean()).isTrue();
    assertThat(last.get("reason").isJsonNull()).isTrue();
    assertThat(
            StreamSupport.stream(json.getAsJsonArray("rules").spliterator(), false)
                .filter(rule -> rule.getAsJsonObject().get("matched").getAsBoolean()))
        .hasSize(1);
  }

  @Test
  void cluster_without_endpoint_is_an_answer() {
    JsonObject json = explain("--endpoint=order-service/v1=127.0.0.1:8081", "--random=95", URL);

    assertThat(json.getAsJsonObject("outcome").toString())
        .isEqualTo(
            "{\"kind\":\"answer\",\"status\":503,\"body\":\"no healthy upstream\","
                + "\"why\":\"the cluster has no endpoint\",\"responseHeaders\":[]}");
  }

  @Test
  void unknown_host_has_no_virtual_host() {
    JsonObject json = explain("http://elsewhere.example/");

    assertThat(json.get("virtualHost").isJsonNull()).isTrue();
    assertThat(json.getAsJsonObject("route").getAsJsonObject("cluster").get("discovery"))
        .hasToString("\"original\"");
  }

  @Test
  void mesh_has_an_owner_for_each_capability() {
    JsonObject mesh = explain("--mode", "istio", URL).getAsJsonObject("mesh");

    assertThat(mesh.keySet()).containsExactly("mode", "reason", "evidence", "owners");
    assertThat(mesh.get("mode").getAsString()).isEqualTo("istio");
    JsonObject owners = mesh.getAsJsonObject("owners");
    assertThat(owners.get("propagation").getAsString()).isEqualTo("library");
    assertThat(owners.get("retries").getAsString()).isEqualTo("mesh");
  }

  private static JsonObject explain(String... arguments) {
    String[] fixed = {"explain", "-o", "json", "--config", Cli.CONFIG, "--namespace", "production"};
    String[] all = new String[fixed.length + arguments.length];
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(arguments, 0, all, fixed.length, arguments.length);
    Cli ran = Cli.run(all);
    assertThat(ran.status()).isZero();
    return JsonParser.parseString(ran.out()).getAsJsonObject();
  }
}
