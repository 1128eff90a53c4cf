package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mesh explain --mode} tells, for the guide's services, who owns what and why. */
final class ExplainModesTest {
  private static final Path GUIDE = Path.of("..", "mesh-client-examples", "istio");
  private static final String ALWAYS = "propagation, breaker, deadline, client span, request id";
  private static final String ROUTED =
      "routing, headers, endpoints, ejection, retries, timeouts, pools, faults, mirrors";

  /** The rest of the capabilities that are the library's, and that are the mesh's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "istio | Istio's sidecar |  | ROUTED, mTLS, peers, authorization, rate limits",
        "ambient | ztunnel | , ROUTED, authorization, rate limits | mTLS, peers",
        "waypoint | ztunnel and a waypoint | , rate limits | ROUTED, mTLS, peers, authorization",
        "linkerd | Linkerd's proxy | , authorization, rate limits | ROUTED, mTLS, peers",
        "consul | Consul's sidecar | , authorization, rate limits | ROUTED, mTLS, peers"
      })
  void mesh_ownsItsPart(String mode, String proxy, String librarys, String meshs) {
    for (String service : new String[] {"web", "order-service", "payment-service"}) {
      String rest = librarys == null ? "" : librarys.replace("ROUTED", ROUTED);
      assertThat(explain(mode, service).lines())
          .contains(
              "mesh           " + mode + ": " + proxy + " is on the way",
              "               builder: " + mode,
              "owners         library  " + ALWAYS + rest,
              "               mesh     " + meshs.replace("ROUTED", ROUTED));
    }
  }

  @ParameterizedTest
  @CsvSource({"web", "order-service", "payment-service"})
  void none_leavesAllToTheLibrary(String service) {
    assertThat(explain("none", service)).doesNotContain("owners", "mesh  ");
  }

  private static String explain(String mode, String service) {
    Cli ran =
        Cli.run(
            "explain",
            "--config",
            GUIDE.toString(),
            "--namespace",
            "production",
            "--mode",
            mode,
            "http://" + service + ":8080/");
    assertThat(ran.status()).as(ran.err()).isZero();
    return ran.out();
  }
}
