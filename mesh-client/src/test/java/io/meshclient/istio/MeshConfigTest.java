package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeshConfigTest {

  @Test
  void defaults_areIstios() {
    MeshConfig mesh = Configuration.EMPTY.mesh();

    assertThat(mesh.trustDomain()).isEqualTo("cluster.local");
    assertThat(mesh.rootNamespace()).isEqualTo("istio-system");
    assertThat(mesh.outboundMode()).isEqualTo(Sidecar.Mode.ALLOW_ANY);
    assertThat(mesh.normalization()).isEqualTo(MeshConfig.Normalization.BASE);
    assertThat(mesh.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(mesh.enableAutoMtls()).isTrue();
    assertThat(mesh.extensionProvider("envoy").envoyFileAccessLog().path())
        .isEqualTo("/dev/stdout");
    assertThat(mesh.extensionProvider("otel")).isNull();
    assertThat(mesh.trustDomainAliases()).isEmpty();
  }

  @Test
  void dump_isRead() {
    MeshConfig mesh = Configuration.read(ConfigSource.classpath("istio/cluster-dump.yaml")).mesh();

    assertThat(mesh.trustDomain()).isEqualTo("example.org");
    assertThat(mesh.outboundMode()).isEqualTo(Sidecar.Mode.REGISTRY_ONLY);
    assertThat(mesh.accessLogEncoding()).isEqualTo(MeshConfig.AccessLogEncoding.JSON);
    ExtensionProvider.OpenTelemetry otel = mesh.extensionProvider("otel").opentelemetry();
    assertThat(otel.port()).isEqualTo(4317);
    assertThat(otel.resourceDetectors().environment()).isNotNull();
    assertThat(otel.resourceDetectors().dynatrace()).isNull();
    assertThat(mesh.defaultConfig()).containsKey("discoveryAddress");
  }

  @Test
  void faults_haveTheLinesOfTheFile() {
    Configuration read =
        Configuration.read(
            ConfigSource.yaml(
                "x.yaml",
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |-

                    # the domain
                    trustDomian: a
                    accessLogEncoding: XML
                  other: x
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a}
                data: {mesh: "trustDomain: a\\nenableTracing: x"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: b}
                data:
                  mesh: |
                    a: b
                     c: d
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c}
                data:
                  mesh: {trustDomain: a}
                """));

    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0101 x.yaml:8 trustDomian: unknown field; did you mean \"trustDomain\"?",
            "MESH0107 x.yaml:9 accessLogEncoding: XML (expected: one of TEXT, JSON)",
            "MESH0102 x.yaml:15 enableTracing: x (expected: true or false)",
            "MESH0110 x.yaml:23 column 3: a \":\" where no key can be (expected: a value with"
                + " \": \" in it in quotes, or other indentation)",
            "MESH0102 x.yaml:29 data.mesh: an object (expected: a text, behind \"mesh: |-\")");
    assertThat(read.problems().get(0).severity()).isEqualTo(Problem.Severity.WARNING);
    assertThat(read.problems().get(0).location().path()).isEqualTo("data.mesh.trustDomian");
    assertThat(read.resources()).isEmpty();
  }

  @Test
  void bareLines_areReadOnRequest() {
    ConfigSource lines =
        ConfigSource.yaml(
            "mesh.yaml", "trust_domain: a\npathNormalization: {normalization: NONE}\n");

    assertThat(Configuration.read(lines).problems()).map(Problem::code).containsExactly("MESH0121");
    MeshConfig mesh = Configuration.read(lines.asMeshConfig()).mesh();
    assertThat(mesh.trustDomain()).isEqualTo("a");
    assertThat(mesh.normalization()).isEqualTo(MeshConfig.Normalization.NONE);
  }

  @Test
  void laterConfigurations_lieOnTop() {
    Configuration read =
        Configuration.read(
            ConfigSource.yaml(
                    "1",
                    "trustDomain: a\nenableAutoMtls: false\nextensionProviders:\n"
                        + "- {name: x, prometheus: {}}\n- {name: y, prometheus: {}}\n")
                .asMeshConfig(),
            ConfigSource.yaml(
                "2",
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    trustDomain: b
                    extensionProviders: [{name: y, zipkin: {service: z, port: 1}}]
                """));

    assertThat(read.problems()).isEmpty();
    assertThat(read.mesh().trustDomain()).isEqualTo("b");
    assertThat(read.mesh().enableAutoMtls()).isFalse();
    assertThat(read.mesh().extensionProviders())
        .map(ExtensionProvider::name)
        .containsExactly("x", "y");
    assertThat(read.mesh().extensionProvider("y").zipkin()).isNotNull();
    assertThat(read.withMesh(MeshConfig.DEFAULT).mesh().trustDomain()).isEqualTo("cluster.local");
  }
}
