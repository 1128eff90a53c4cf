package io.meshclient.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InterceptionTest {
  private static final String ISTIO = "traffic.sidecar.istio.io/";

  @ParameterizedTest(name = "{0}={1} {2}:{3}")
  @MethodSource("annotations")
  void annotation_leadsThroughOrNot(String name, String value, String host, int port, boolean led) {
    Interception interception = Interception.of(Map.of(name, value));

    assertThat(
            !interception.excludes(port)
                && !interception.passesBy(port)
                && !interception.excludesAddress(host, port))
        .isEqualTo(led);
  }

  static Stream<Arguments> annotations() {
    return Stream.of(
        arguments(ISTIO + "excludeOutboundPorts", "5432, 6379", "db", 6379, false),
        arguments(ISTIO + "excludeOutboundPorts", "5432, 6379", "db", 80, true),
        arguments(ISTIO + "excludeOutboundPorts", "none,,-1", "db", 80, true),
        arguments(ISTIO + "excludeOutboundIPRanges", "10.0.0.0/8", "10.9.9.9", 80, false),
        arguments(ISTIO + "excludeOutboundIPRanges", "10.0.0.0/8", "11.0.0.1", 80, true),
        arguments(ISTIO + "excludeOutboundIPRanges", "10.0.0.0/8", "db", 80, true),
        arguments(ISTIO + "excludeOutboundIPRanges", "10.0.0.0/99,x", "10.0.0.1", 80, true),
        arguments(ISTIO + "excludeOutboundIPRanges", "fd00::/8", "fd12::1", 80, false),
        arguments(ISTIO + "includeOutboundIPRanges", "*", "10.9.9.9", 80, true),
        arguments(ISTIO + "includeOutboundIPRanges", "10.96.0.0/12", "10.97.0.1", 80, true),
        arguments(ISTIO + "includeOutboundIPRanges", "10.96.0.0/12", "10.10.0.1", 80, false),
        arguments(ISTIO + "includeOutboundIPRanges", "10.96.0.0/12", "orders", 80, true),
        arguments(ISTIO + "includeOutboundIPRanges", "", "orders", 80, false),
        arguments("config.linkerd.io/skip-outbound-ports", "25,3000-3010", "db", 3005, false),
        arguments("config.linkerd.io/skip-outbound-ports", "25,3000-3010", "db", 3011, true),
        arguments("config.linkerd.io/skip-subnets", "10.0.0.1", "10.0.0.1", 80, false),
        arguments(
            "consul.hashicorp.com/transparent-proxy-exclude-outbound-ports",
            "81",
            "db",
            81,
            false));
  }
}
