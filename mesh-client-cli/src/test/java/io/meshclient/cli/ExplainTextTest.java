package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainTextTest {
  private static final String URL = "http://order-service:8080/api/orders";

  @TempDir Path directory;

  @Test
  void request_of_an_even_user_names_rule_regex_and_subset() {
    Cli ran = explain("--namespace", "production", URL, "-H", "x-user-id: 42");

    assertThat(ran.status()).isZero();
    assertThat(ran.out().lines())
        .contains(
            "GET " + URL + " from namespace production",
            "  x-user-id: 42",
            "virtual host   order-service.production.svc.cluster.local:8080, by its name"
                + " order-service",
            "rules          no   02-order-traffic.yaml:9   http[0].match[0]  header x-canary exact"
                + " \"true\": it has none",
            "               yes  02-order-traffic.yaml:18  http[1].match[0]  header x-user-id regex"
                + " \"^[0-9]*[02468]$\"",
            "split          0..100  subset v2",
            "sent as        GET /api/orders, Host: order-service:8080",
            "cluster        outbound|8080|v2|order-service.production.svc.cluster.local",
            "               settled by the DestinationRule at 02-order-traffic.yaml:64",
            "timeout        none",
            "retries        2 on cancelled, connect-failure, refused-stream, unavailable (Istio's default)");
  }

  @Test
  void split_without_draw_takes_0_and_says_so() {
    Cli ran = explain("--namespace", "production", URL);

    assertThat(ran.out().lines())
        .contains(
            "split          0..90    subset v1  <- draw 0 (give --random to try another)",
            "               90..100  subset v2",
            "timeout        10 s",
            "retries        3 on 5xx, connect-failure, refused-stream, reset, each try within 3 s");
  }

  @Test
  void split_with_draw_shows_where_it_falls() {
    Cli ran = explain("--namespace", "production", "--random", "90", URL);

    assertThat(ran.out().lines()).contains("               90..100  subset v2  <- draw 90");
  }

  @Test
  void mesh_shows_who_does_what_and_how_tries_multiply() {
    Cli ran = explain("--namespace", "production", "--mode", "istio", "--app-attempts", "3", URL);

    assertThat(ran.out().lines())
        .contains(
            "requests       3 x 4 = 12 at most: by the application, by istio",
            "mesh           istio: Istio's sidecar is on the way",
            "               builder: istio",
            "owners         library  propagation, breaker, deadline, client span, request id",
            "               mesh     routing, headers, endpoints, ejection, retries, timeouts, pools,"
                + " faults, mirrors, mTLS, peers, authorization, rate limits");
  }

  @Test
  void https_is_the_librarys_behind_a_sidecar_too() {
    Cli ran = explain("--mode", "istio", "https://order-service:8443/");

    assertThat(ran.out().lines())
        .contains("mesh           istio: https: Istio's sidecar cannot look into it");
  }

  @Test
  void endpoints_given_by_option_are_shown() {
    Cli ran =
        explain(
            "--namespace",
            "production",
            "--endpoint",
            "order-service/v1=127.0.0.1:8081",
            "--endpoint",
            "order-service/v2=127.0.0.1:8082",
            URL);

    assertThat(ran.out()).contains("endpoints      127.0.0.1:8081").doesNotContain("problem");
  }

  @Test
  void subset_without_endpoint_is_answered_503() {
    Cli ran =
        explain(
            "--namespace",
            "production",
            "--endpoint",
            "order-service/v1=127.0.0.1:8081",
            "--random=99.99",
            URL);

    assertThat(ran.status()).isZero();
    assertThat(ran.out().lines())
        .contains(
            "answer         503: the cluster has no endpoint",
            "body           no healthy upstream");
  }

  @Test
  void host_header_overrides_the_authority() {
    Cli ran =
        explain("--namespace=production", "http://127.0.0.1:8080/", "-H", "Host: order-service");

    assertThat(ran.out())
        .contains("virtual host   order-service.production.svc.cluster.local:8080");
  }

  @Test
  void unknown_host_is_passed_through() {
    Cli ran = explain("http://elsewhere.example:8080/");

    assertThat(ran.out().lines())
        .contains(
            "virtual host   none: no rule and no service knows elsewhere.example:8080",
            "cluster        PassthroughCluster",
            "               goes where the application sent it, not to an endpoint of a rule",
            "endpoints      the request's own: elsewhere.example:8080");
  }

  @Test
  void unknown_host_under_registry_only_is_answered_502() throws IOException {
    Path mesh = directory.resolve("mesh.yaml");
    Files.writeString(mesh, "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n");

    Cli ran = explain("--mesh-config", mesh.toString(), "http://elsewhere.example/");

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains("answer         502: no rule and no service knows the host");
  }

  @Test
  void operations_rewrite_redirect_and_404_are_shown() throws IOException {
    Path file = directory.resolve("shop.yaml");
    Files.writeString(
        file,
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: shop, namespace: default}
        spec:
          hosts: [shop.example]
          http:
          - name: old
            match: [{uri: {prefix: /old}}]
            redirect: {uri: /new, redirectCode: 308}
          - match: [{uri: {prefix: /api/}, method: {exact: POST}}]
            rewrite: {uri: /v2/, authority: inner.example}
            headers: {request: {set: {x-a: "1"}}, response: {remove: [x-b]}}
            route: [{destination: {host: shop.example}}]
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: shop, namespace: default}
        spec:
          hosts: [shop.example]
          ports: [{number: 80, name: http, protocol: HTTP}]
          resolution: DNS
        """);

    assertThat(Cli.run("explain", "--config", file.toString(), "http://shop.example/old?a").out())
        .contains("answer         308, location http://shop.example/new?a")
        .contains("(old)");
    assertThat(
            Cli.run("explain", "--config", file.toString(), "-XPOST", "http://shop.example/api/x")
                .out()
                .lines())
        .contains(
            "headers        set x-a: 1",
            "sent as        POST /v2/x, Host: inner.example",
            "answer headers remove x-b");
    assertThat(Cli.run("explain", "--config", file.toString(), "http://shop.example/").out())
        .contains("answer         404: no rule of the host takes the request");
  }

  @Test
  void problems_come_first() throws IOException {
    Path file = directory.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: bad}
        spec: {hosts: [x], htp: []}
        """);

    Cli ran = explain("--config", file.toString(), "http://elsewhere.example/");

    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .startsWith("3 problems in the configuration")
        .contains("error    MESH0101 " + file + ":4 htp: unknown field; did you mean \"http\"?");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void output_to_no_terminal_has_no_colours() {
    assertThat(explain(URL).out()).doesNotContain("\u001b");
  }

  private static Cli explain(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "explain";
    all[1] = "--config";
    all[2] = Cli.CONFIG;
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Cli.run(all);
  }
}
