package io.meshclient.bench;

import io.meshclient.access.AccessPolicy;
import io.meshclient.access.AccessSettings;
import io.meshclient.access.AccessVerdict;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Who may come in, by the guide's rules for the payment service: alone, and among a thousand
 * policies that let others in, and so cannot apply.
 */
public class Accesses {
  private static final int OTHERS = 1000;

  /** The guide's. */
  @State(Scope.Benchmark)
  public static class Guide {
    private final AccessPolicy policy = policy("");
  }

  /** And those for other principals. */
  @State(Scope.Benchmark)
  public static class OtherPrincipals {
    private final AccessPolicy policy =
        policy("from: [{source: {principals: [cluster.local/ns/production/sa/other-%1$d]}}]");
  }

  /** And those for other paths. */
  @State(Scope.Benchmark)
  public static class OtherPaths {
    private final AccessPolicy policy = policy("to: [{operation: {paths: [/other-%1$d/*]}}]");
  }

  /** And those for other hosts. */
  @State(Scope.Benchmark)
  public static class OtherHosts {
    private final AccessPolicy policy = policy("to: [{operation: {hosts: [other-%1$d.test]}}]");
  }

  /** And those for other headers, each of which has to be asked. */
  @State(Scope.Benchmark)
  public static class OtherHeaders {
    private final AccessPolicy policy =
        policy("when: [{key: 'request.headers[x-other]', values: [other-%1$d]}]");
  }

  @Benchmark
  public AccessVerdict guide(Guide state) {
    return state.policy.check(PaymentRequest.OF_ORDERS);
  }

  @Benchmark
  public AccessVerdict denied(Guide state) {
    return state.policy.check(PaymentRequest.OF_A_GUEST);
  }

  @Benchmark
  public AccessVerdict amongPrincipals(OtherPrincipals state) {
    return state.policy.check(PaymentRequest.OF_ORDERS);
  }

  @Benchmark
  public AccessVerdict amongPaths(OtherPaths state) {
    return state.policy.check(PaymentRequest.OF_ORDERS);
  }

  @Benchmark
  public AccessVerdict amongHosts(OtherHosts state) {
    return state.policy.check(PaymentRequest.OF_ORDERS);
  }

  @Benchmark
  public AccessVerdict amongHeaders(OtherHeaders state) {
    return state.policy.check(PaymentRequest.OF_ORDERS);
  }

  /**
   * The guide's policies, and others.
   *
   * @param rule of each of these, by its number; empty for none of them
   */
  private static AccessPolicy policy(String rule) {
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < OTHERS && !rule.isEmpty(); i++) {
      others.append(
          """
          apiVersion: security.istio.io/v1
          kind: AuthorizationPolicy
          metadata: {name: other-%1$d, namespace: production}
          spec:
            rules:
            - {%2$s}
          ---
          """
              .formatted(i, rule.formatted(i)));
    }
    return AccessPolicy.compile(
        Configuration.read(
            ConfigSource.classpath("istio/05-security.yaml"),
            ConfigSource.yaml("others.yaml", others.toString())),
        "production",
        Map.of("app", "payment-service"),
        AccessSettings.DEFAULT);
  }
}
