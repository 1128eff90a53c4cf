package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mesh export envoy} writes; whether Envoy takes it is tested with an Envoy. */
final class ExportEnvoyTest {

  @Test
  void clusters_are_named_as_istio_names_them() {
    JsonObject bootstrap = export("--endpoint", "order-service/v2=127.0.0.1:8082");

    assertThat(names(bootstrap, "clusters"))
        .contains(
            "outbound|8080|v2|order-service.production.svc.cluster.local",
            "PassthroughCluster",
            "BlackHoleCluster");
  }

  @Test
  void redirected_connections_come_in_at_istios_ports() {
    assertThat(names(export(), "listeners"))
        .startsWith("virtualOutbound")
        .contains("readiness", "metrics", "agent");
  }

  @Test
  void plain_listeners_take_the_place_of_redirection() {
    JsonObject bootstrap = export("--listen-plain", "8080=127.0.0.1:18080", "--admin", "0");

    assertThat(names(bootstrap, "listeners")).containsExactly("127.0.0.1_8080");
    assertThat(names(bootstrap, "clusters")).doesNotContain("admin");
  }

  @Test
  void mutual_tls_needs_certificates(@TempDir Path certs) {
    assertThat(export("--auto-mtls", "all").toString()).doesNotContain("UpstreamTlsContext");
    assertThat(export("--auto-mtls", "all", "--certs", certs.toString()).toString())
        .contains("outbound_.8080_.v1_.order-service.production.svc.cluster.local");
  }

  @Test
  void output_goes_to_a_file_where_one_is_named(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("envoy.json");

    Cli ran =
        Cli.run(
            "export",
            "envoy",
            "--config",
            Cli.CONFIG,
            "--namespace",
            "production",
            "--output",
            file.toString());

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).isEmpty();
    assertThat(JsonParser.parseString(Files.readString(file)).isJsonObject()).isTrue();
  }

  @Test
  void inbound_has_a_chain_for_mutual_tls_and_one_for_plaintext(@TempDir Path certs) {
    String listener =
        export("--inbound", "8080,9090", "--certs", certs.toString())
            .getAsJsonObject("static_resources")
            .getAsJsonArray("listeners")
            .toString();

    assertThat(listener)
        .contains("0.0.0.0_8080-mtls", "\"0.0.0.0_8080\"", "0.0.0.0_9090-mtls")
        .contains("\"prefix\":\"spiffe://cluster.local/\"");
  }

  @Test
  void strict_port_without_certificates_is_refused(@TempDir Path directory) throws IOException {
    Path strict = directory.resolve("strict.yaml");
    Files.writeString(
        strict,
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: production}
        spec: {mtls: {mode: STRICT}}
        """);

    Cli ran =
        Cli.run(
            "export",
            "envoy",
            "--config",
            strict.toString(),
            "--namespace=production",
            "--inbound=8080");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("--certs: none (expected: a directory, for port 8080 is STRICT");
  }

  private static JsonObject export(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("export", "envoy", "--config", Cli.CONFIG));
    arguments.addAll(List.of("--namespace", "production", "--labels", "app=web,version=v1"));
    arguments.addAll(List.of(more));
    Cli ran = Cli.run(arguments.toArray(String[]::new));
    assertThat(ran.status()).as(ran.err()).isZero();
    return JsonParser.parseString(ran.out()).getAsJsonObject();
  }

  private static List<String> names(JsonObject bootstrap, String what) {
    List<String> names = new ArrayList<>();
    for (JsonElement one : bootstrap.getAsJsonObject("static_resources").getAsJsonArray(what)) {
      names.add(one.getAsJsonObject().get("name").getAsString());
    }
    return names;
  }
}
