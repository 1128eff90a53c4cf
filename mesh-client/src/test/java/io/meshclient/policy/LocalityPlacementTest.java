package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.DestinationRule.Distribute;
import io.meshclient.istio.DestinationRule.Failover;
import io.meshclient.istio.DestinationRule.LocalityLb;
import io.meshclient.istio.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalityPlacementTest {
  private static final LocalityPlacement FROM_Z1 =
      new LocalityPlacement(
          new Workload(
              "production",
              Map.of("version", "v1", "tier", "gold"),
              Locality.parse("r1/z1/s1"),
              Workload.DEFAULT_DOMAIN));

  @ParameterizedTest
  @CsvSource({
    "r1/z1/s1 r1/z1/s2 r1/z2 r2/z1, 0 1 2 3",
    "r1/z2 r2/z1 r3/z1, 0 1 1",
    "r2/z1 r3/z1, 0 0",
    "r2/z1 r1/z1/s1 r2/z1, 1 0 1",
  })
  void near_comesFirst(String localities, String priorities) {
    List<Endpoint> placed = FROM_Z1.place(at(localities), LocalityPlacement.BY_DEFAULT, true, true);
    assertThat(priorities(placed)).isEqualTo(priorities);
  }

  @Test
  void withoutEjection_allAreAlike() {
    List<Endpoint> endpoints = at("r1/z1/s1 r2/z1");
    assertThat(FROM_Z1.place(endpoints, LocalityPlacement.BY_DEFAULT, false, true))
        .isEqualTo(endpoints);
    assertThat(FROM_Z1.place(endpoints, null, true, true)).isEqualTo(endpoints);
  }

  @Test
  void failover_namesTheNextRegion() {
    LocalityLb setting = setting(List.of(), List.of(new Failover("r1", "r3")), List.of());
    assertThat(priorities(FROM_Z1.place(at("r2/z1 r3/z1 r1/z1/s1"), setting, true, true)))
        .isEqualTo("2 1 0");
    LocalityLb ofOthers = setting(List.of(), List.of(new Failover("r9", "r3")), List.of());
    assertThat(priorities(FROM_Z1.place(at("r2/z1 r3/z1 r1/z1/s1"), ofOthers, true, true)))
        .isEqualTo("1 1 0");
  }

  @ParameterizedTest
  @CsvSource({
    "version tier, 0 1 2 2",
    "version, 0 0 1 1",
    "tier=silver version, 2 0 2 1",
    "topology.kubernetes.io/region topology.kubernetes.io/zone, 0 1 1 2",
  })
  void failoverPriority_goesByLabelsFromTheFirstOn(String labels, String priorities) {
    LocalityLb setting = setting(List.of(), List.of(), List.of(labels.split(" ")));
    List<Endpoint> endpoints =
        List.of(
            labelled("v1", "gold", "r1/z1"),
            labelled("v1", "silver", "r1/z2"),
            labelled("v2", "gold", "r1/z3"),
            labelled("v2", "silver", "r2/z1"));
    assertThat(priorities(FROM_Z1.place(endpoints, setting, true, true))).isEqualTo(priorities);
    assertThat(priorities(FROM_Z1.place(endpoints, setting, true, false))).isEqualTo("0 1 1 2");
  }

  @Test
  void distribute_weighsLocalitiesAndDropsTheRest() {
    LocalityLb setting =
        setting(
            List.of(
                new Distribute("r9/*", Map.of("r1/*", 100)),
                new Distribute("r1/z1/*", Map.of("r1/z1/*", 70, "r1/*", 20, "r2/*", 10)),
                new Distribute("r1/*", Map.of("*", 100))),
            List.of(),
            List.of());
    List<Endpoint> placed =
        FROM_Z1.place(at("r1/z1/s1 r1/z1/s1 r1/z2 r1/z3 r2/z1 r3/z1"), setting, false, true);
    assertThat(placed.stream().map(Endpoint::localityWeight).toList())
        .containsExactly(70L, 70L, 10L, 10L, 10L);
    assertThat(priorities(placed)).isEqualTo("0 0 0 0 0");
  }

  @Test
  void distribute_forOtherCallers_changesNothing() {
    LocalityLb setting =
        setting(List.of(new Distribute("r2/*", Map.of("r1/*", 100))), List.of(), List.of());
    assertThat(FROM_Z1.place(at("r1/z1 r2/z1"), setting, true, true)).hasSize(2);
  }

  private static LocalityLb setting(
      List<Distribute> distribute, List<Failover> failover, List<String> labels) {
    return new LocalityLb(distribute, failover, labels, null, Location.NONE);
  }

  private static String priorities(List<Endpoint> endpoints) {
    return String.join(" ", endpoints.stream().map(e -> Integer.toString(e.priority())).toList());
  }

  private static List<Endpoint> at(String localities) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String locality : localities.split(" ")) {
      endpoints.add(
          new Endpoint("e" + endpoints.size(), 1, Map.of(), Locality.parse(locality), 1, "", ""));
    }
    return endpoints;
  }

  private static Endpoint labelled(String version, String tier, String locality) {
    return new Endpoint(
        version + tier,
        1,
        Map.of("version", version, "tier", tier),
        Locality.parse(locality),
        1,
        "",
        "");
  }
}
