package io.meshclient.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LookTest {
  @TempDir Path root;

  @ParameterizedTest(name = "{0}")
  @MethodSource("pods")
  void pod_isSeenAs(UnaryOperator<Pod> has, String state, MeshState.Readiness readiness) {
    MeshState seen = Look.around(has.apply(new Pod(root)).surroundings(), true, Basis.NOT_SEEN);

    assertThat(seen).as(seen.ownership().evidence().toString()).hasToString(state);
    assertThat(seen.readiness()).isEqualTo(readiness);
  }

  static Stream<Arguments> pods() {
    MeshState.Readiness unknown = MeshState.Readiness.UNKNOWN;
    MeshState.Readiness not = MeshState.Readiness.NOT_READY;
    MeshState.Readiness ready = MeshState.Readiness.READY;
    return Stream.of(
        row("nothing", pod -> pod, "none (not seen)", unknown),
        row(
            "an application's ports",
            pod -> pod.listens(1000, 8080, 9090),
            "none (not seen)",
            unknown),
        row("Istio's, ready", LookTest::istio, "istio (confirmed)", ready),
        row(
            "Istio's, by IPv6 alone",
            pod ->
                pod.listens6(1337, 15001, 15006, 15021, 15090).answers(":15021/healthz/ready", 200),
            "istio (confirmed)",
            ready),
        row(
            "Istio's, not ready",
            pod -> istio(pod).answers(":15021/healthz/ready", 503),
            "istio (claimed)",
            not),
        row(
            "Istio's, not ready, but its Envoy is there",
            pod ->
                istio(pod)
                    .listens(1337, 15000)
                    .answers(":15021/healthz/ready", 503)
                    .answers(":15000/server_info", 200),
            "istio (confirmed)",
            not),
        row(
            "Istio's first port, others to come",
            pod -> pod.listens(1337, 15021),
            "istio (claimed)",
            not),
        row(
            "Istio's ports by another user",
            pod ->
                pod.listens(1000, 15001, 15006, 15021, 15090).answers(":15021/healthz/ready", 200),
            "none (not seen)",
            unknown),
        row(
            "Istio's, but its ready port is another user's",
            pod ->
                pod.listens(1337, 15001, 15006)
                    .listens(1000, 15021)
                    .answers(":15021/healthz/ready", 200),
            "istio (claimed)",
            ready),
        row(
            "Istio's, but its ready port is shared with another user",
            pod -> istio(pod).listens(1000, 15021),
            "istio (claimed)",
            ready),
        row(
            "Istio's port connected to, nobody listens",
            pod -> pod.connected(1337, 15001),
            "none (not seen)",
            unknown),
        row(
            "Istio's, seen by its own user",
            pod -> istio(pod).uid(1337),
            "none (not seen)",
            unknown),
        row(
            "injected, no port yet",
            pod -> pod.annotation("sidecar.istio.io/status", "{\"containers\":[\"istio-proxy\"]}"),
            "istio (claimed)",
            not),
        row(
            "injected for gRPC without a proxy",
            pod ->
                pod.annotation("inject.istio.io/templates", "grpc-agent")
                    .annotation("sidecar.istio.io/status", "{}"),
            "none (not seen)",
            unknown),
        row("ztunnel's", pod -> pod.listens(0, 15001, 15006, 15008), "ambient (claimed)", unknown),
        row(
            "ztunnel's, two of three ports",
            pod -> pod.listens(0, 15001, 15006),
            "none (not seen)",
            unknown),
        row(
            "ztunnel's ports and a sidecar's",
            pod -> pod.listens(0, 15001, 15006, 15008, 15021),
            "none (not seen)",
            unknown),
        row(
            "redirected to ztunnel by its annotation",
            pod -> pod.annotation("ambient.istio.io/redirection", "enabled"),
            "ambient (claimed)",
            unknown),
        row(
            "Linkerd's, ready",
            pod -> pod.listens(2102, 4140, 4143, 4191).answers(":4191/ready", 200),
            "linkerd (confirmed)",
            ready),
        row(
            "Linkerd's by its annotation",
            pod -> pod.annotation("linkerd.io/proxy-version", "edge-25.1.1"),
            "linkerd (claimed)",
            not),
        row(
            "Consul's, ready",
            pod -> pod.listens(5995, 15001, 20000, 19000).answers(":19000/ready", 200),
            "consul (confirmed)",
            ready),
        row(
            "Consul's by its annotation",
            pod -> pod.annotation("consul.hashicorp.com/connect-inject-status", "injected"),
            "consul (claimed)",
            not));
  }

  private static Pod istio(Pod pod) {
    return pod.listens(1337, 15001, 15006, 15021, 15090).answers(":15021/healthz/ready", 200);
  }

  private static Arguments row(
      String name, UnaryOperator<Pod> pod, String state, MeshState.Readiness readiness) {
    return Arguments.of(named(name, pod), state, readiness);
  }

  @Test
  void evidence_saysWhatWasSeen() {
    Pod pod =
        istio(new Pod(root))
            .annotation("sidecar.istio.io/status", "{}")
            .variable("GRPC_XDS_BOOTSTRAP", "/etc/istio/proxy/grpc-bootstrap.json");

    MeshState seen = Look.around(pod.surroundings(), true, Basis.NOT_SEEN);

    assertThat(seen.ownership().evidence())
        .containsExactly(
            "the pod has the annotation sidecar.istio.io/status",
            "uid 1337 listens on [15001, 15006, 15021, 15090], as Istio's sidecar does",
            "GRPC_XDS_BOOTSTRAP: /etc/istio/proxy/grpc-bootstrap.json: gRPC of this pod has rules"
                + " of its own",
            ":15021/healthz/ready answers 200");
  }

  @Test
  void bootstrapFile_isMentioned() {
    new Pod(root).write("istio/grpc-bootstrap.json", "{}");

    assertThat(
            Look.around(new Pod(root).surroundings(), true, Basis.LOOKING).ownership().evidence())
        .anyMatch(line -> line.contains("grpc-bootstrap.json"));
  }

  @Test
  void machineWithoutProc_isSeenWithoutAMesh() {
    Surroundings around = new Pod(root).surroundings();
    Surroundings elsewhere =
        new Surroundings(
            root.resolve("none"),
            root.resolve("none"),
            root.resolve("none"),
            around.variables(),
            around.prober(),
            around.nanoTime());

    MeshState seen = Look.around(elsewhere, true, Basis.NOT_SEEN);

    assertThat(seen).hasToString("none (not seen)");
    assertThat(seen.ownership().evidence()).anyMatch(line -> line.contains("cannot be read"));
  }

  @Test
  void firstLook_asksNobody() {
    Pod pod = istio(new Pod(root));

    MeshState seen = Look.around(pod.surroundings(), false, Basis.LOOKING);

    assertThat(seen).hasToString("istio (claimed)");
    assertThat(pod.asked).isEmpty();
  }
}
