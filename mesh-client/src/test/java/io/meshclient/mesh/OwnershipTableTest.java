package io.meshclient.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Modes by capabilities: the table of docs/mesh.md, and what the code has. */
class OwnershipTableTest {
  private static final Path PAGE = Path.of("..", "docs", "mesh.md");

  /** On the page: what is the mesh's, what is where it is certain, and what is the library's. */
  private static final Map<String, List<Owner>> WORDS =
      Map.of(
          "mesh", List.of(Owner.MESH, Owner.MESH),
          "mesh, if certain", List.of(Owner.MESH, Owner.LIBRARY),
          "library", List.of(Owner.LIBRARY, Owner.LIBRARY));

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cells")
  void owner_isThePages(MeshMode mode, Capability capability, String word) {
    assertThat(WORDS).containsKey(word);
    assertThat(state(mode, Basis.TOLD).ownership().owner(capability))
        .as("where the mode is certain")
        .isEqualTo(WORDS.get(word).get(0));
    assertThat(state(mode, Basis.CONFIRMED).ownership().owner(capability))
        .as("where the proxy has answered")
        .isEqualTo(WORDS.get(word).get(0));
    assertThat(state(mode, Basis.CLAIMED).ownership().owner(capability))
        .as("by a port's word alone")
        .isEqualTo(WORDS.get(word).get(1));
  }

  static Stream<Arguments> cells() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int heading =
        lines.indexOf("| capability | none | istio | ambient | waypoint | linkerd | consul |");
    assertThat(heading).as("the table of %s", PAGE).isNotNegative();
    List<List<String>> rows =
        lines.stream()
            .skip(heading + 2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> Stream.of(line.substring(1).split("\\|", -1)).map(String::strip).toList())
            .toList();
    assertThat(rows.stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(Stream.of(Capability.values()).map(Capability::word).toList());
    return rows.stream()
        .flatMap(
            row ->
                Stream.of(MeshMode.values())
                    .map(
                        mode ->
                            arguments(
                                mode,
                                Stream.of(Capability.values())
                                    .filter(c -> c.word().equals(row.get(0)))
                                    .findFirst()
                                    .orElseThrow(),
                                row.get(1 + mode.ordinal()))));
  }

  @ParameterizedTest(name = "{0} {1}:{2} in {3}")
  @MethodSource("destinations")
  void destination_isThe(
      String scheme, String host, int port, MeshMode mode, boolean service, String owner) {
    Ownership owners = sidecar(mode).ownership(scheme.equals("https"), host, port, service);

    assertThat(owners.owner(Capability.ROUTING).word()).as(owners.toString()).isEqualTo(owner);
  }

  static Stream<Arguments> destinations() {
    return Stream.of(
        arguments("http", "orders", 8080, MeshMode.ISTIO, true, "mesh"),
        arguments("http", "unknown.example", 8080, MeshMode.ISTIO, false, "mesh"),
        arguments("https", "orders", 8443, MeshMode.ISTIO, true, "library"),
        arguments("http", "orders", 9999, MeshMode.ISTIO, true, "library"),
        arguments("http", "localhost", 8080, MeshMode.ISTIO, false, "library"),
        arguments("http", "127.0.0.1", 8080, MeshMode.ISTIO, false, "library"),
        arguments("http", "127.example", 8080, MeshMode.ISTIO, false, "mesh"),
        arguments("http", "::1", 8080, MeshMode.ISTIO, false, "library"),
        arguments("http", "10.1.2.3", 8080, MeshMode.ISTIO, false, "library"),
        arguments("http", "10.96.0.7", 8080, MeshMode.ISTIO, true, "mesh"),
        arguments("http", "10.99.0.7", 8080, MeshMode.ISTIO, true, "library"),
        arguments("http", "fd00::7", 8080, MeshMode.LINKERD, true, "mesh"),
        arguments("http", "orders", 9999, MeshMode.CONSUL, true, "library"),
        arguments("http", "orders", 8080, MeshMode.WAYPOINT, true, "mesh"),
        arguments("https", "orders", 8443, MeshMode.WAYPOINT, true, "library"),
        arguments("http", "10.1.2.3", 8080, MeshMode.WAYPOINT, false, "library"),
        arguments("http", "orders", 8080, MeshMode.AMBIENT, true, "library"),
        arguments("http", "orders", 8080, MeshMode.NONE, true, "library"));
  }

  @Test
  void opaqueDestination_isTheLibrarysAsAWhole() {
    Ownership owners = sidecar(MeshMode.ISTIO).ownership(true, "orders", 8443, true);

    assertThat(owners.owners()).containsOnlyKeys(Capability.values());
    assertThat(owners.owners().values()).containsOnly(Owner.LIBRARY);
    assertThat(owners.reason()).isEqualTo("https: Istio's sidecar cannot look into it");
  }

  @Test
  void opaqueDestination_keepsZtunnelsMutualTls() {
    Ownership owners = sidecar(MeshMode.WAYPOINT).ownership(true, "orders", 8443, true);

    assertThat(owners.isMesh(Capability.MTLS)).isTrue();
    assertThat(owners.isMesh(Capability.RETRIES)).isFalse();
  }

  @Test
  void identity_isNotDroppedOnAPortsWord() {
    for (MeshMode mode : MeshMode.values()) {
      Ownership owners = state(mode, Basis.CLAIMED).ownership();
      assertThat(
              Stream.of(Capability.MTLS, Capability.PEERS, Capability.AUTHORIZATION)
                  .filter(owners::isMesh)
                  .collect(Collectors.toSet()))
          .as(mode.word())
          .isEmpty();
    }
  }

  @Test
  void table_isPickedWithoutAllocation() {
    MeshState state = sidecar(MeshMode.ISTIO);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    pickOften(state);

    long before = threads.getThreadAllocatedBytes(thread);
    pickOften(state);
    long bytes = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(bytes).as("of 20,000 requests").isLessThan(20_000);
  }

  private static void pickOften(MeshState state) {
    for (int i = 0; i < 10_000; i++) {
      state.ownership(false, "orders.production", 8080, true).isMesh(Capability.ROUTING);
      state.ownership(true, "10.1.2.3", 8443, false).isMesh(Capability.RETRIES);
    }
  }

  @Test
  void modes_haveAWordEach() {
    assertThat(MeshMode.words()).isEqualTo("none, istio, ambient, waypoint, linkerd, consul");
    assertThat(MeshMode.of("waypoint")).isEqualTo(MeshMode.WAYPOINT);
    assertThatThrownBy(() -> MeshMode.of("Istio"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"Istio\" (expected: none, istio, ambient, waypoint, linkerd, consul)");
  }

  private static MeshState state(MeshMode mode, Basis basis) {
    return new MeshState(mode, basis, MeshState.Readiness.READY, Interception.ALL, List.of());
  }

  private static MeshState sidecar(MeshMode mode) {
    Interception led =
        Interception.of(
            Map.of(
                "traffic.sidecar.istio.io/excludeOutboundPorts", "9999",
                "traffic.sidecar.istio.io/excludeOutboundIPRanges", "10.99.0.0/16"));
    return new MeshState(
        mode,
        Basis.TOLD,
        MeshState.Readiness.READY,
        mode.hasSidecar() ? led : Interception.ALL,
        List.of());
  }
}
