package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every kind, as {@code kubectl get -o yaml} and people write it. */
class ResourcesTest {

  private final Configuration cluster =
      Configuration.read(ConfigSource.classpath("istio/cluster-dump.yaml"));

  @Test
  void everything_isReadWithoutAProblem() {
    assertThat(cluster.problems()).isEmpty();
    assertThat(cluster.resources())
        .map(Resource::kind)
        .containsExactly(
            "Namespace",
            "Node",
            "Service",
            "Pod",
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "EndpointSlice",
            "Endpoints",
            "VirtualService",
            "DestinationRule",
            "ServiceEntry",
            "WorkloadEntry",
            "WorkloadGroup",
            "Sidecar",
            "HTTPRoute",
            "AuthorizationPolicy",
            "PeerAuthentication",
            "RequestAuthentication",
            "Telemetry",
            "ConfigMap");
  }

  @Test
  void metadata_isRead() {
    ObjectMeta metadata = only(VirtualService.class).metadata();

    assertThat(metadata.name()).isEqualTo("reviews");
    assertThat(metadata.namespace()).isEqualTo("production");
    assertThat(metadata.labels()).containsEntry("team", "shop");
    assertThat(metadata.creationTimestamp()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
  }

  @Test
  void virtualService_isRead() {
    VirtualService.Spec spec = only(VirtualService.class).spec();
    VirtualService.HttpRule rule = spec.http().get(0);

    assertThat(spec.hosts()).containsExactly("reviews", "reviews.example.com");
    assertThat(rule.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(rule.match().get(0).headers().get("x-canary").exact()).isEqualTo("true");
    assertThat(rule.match().get(0).headers().get("x-any").isPresence()).isTrue();
    assertThat(rule.match().get(0).port()).isEqualTo(8080);
    assertThat(rule.match().get(1).ignoreUriCase()).isTrue();
    assertThat(rule.route()).map(VirtualService.RouteDestination::weight).containsExactly(90, 10);
    assertThat(rule.retries()).isNotNull();
    assertThat(rule.retries().perTryTimeout()).isEqualTo(Duration.ofMillis(400));
    assertThat(rule.fault().abort().percentage().value()).isEqualTo(0.1);
    assertThat(rule.location().path()).isEqualTo("spec.http[0]");
    assertThat(spec.http().get(1).directResponse().body().bytes())
        .isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(spec.http().get(1).route()).isEmpty();
    assertThat(spec.http().get(1).retries()).isNull();
  }

  @Test
  void destinationRule_isRead() {
    DestinationRule.Spec spec = only(DestinationRule.class).spec();
    DestinationRule.TrafficPolicy policy = spec.trafficPolicy();

    assertThat(policy).isNotNull();
    assertThat(policy.outlierDetection().baseEjectionTime()).isEqualTo(Duration.ofMinutes(1));
    assertThat(policy.loadBalancer().consistentHash().httpCookie().ttl()).isEqualTo(Duration.ZERO);
    assertThat(policy.loadBalancer().localityLbSetting().distribute().get(0).to())
        .isEqualTo(Map.of("r1/z1/*", 80, "r1/z2/*", 20));
    assertThat(policy.portLevelSettings().get(0).port().number()).isEqualTo(9090);
    assertThat(policy.tls().mode()).isEqualTo(DestinationRule.TlsMode.ISTIO_MUTUAL);
    assertThat(spec.subsets()).map(DestinationRule.Subset::name).containsExactly("v1", "v2");
  }

  @Test
  void kubernetesObjects_areRead() {
    Service.Spec service = only(Service.class).spec();

    assertThat(service.ports())
        .map(Service.Port::targetPort)
        .containsExactly(new IntOrString(8080, null), new IntOrString(null, "admin"));
    assertThat(only(Pod.class).isReady()).isTrue();
    assertThat(only(Pod.class).spec().serviceAccountName()).isEqualTo("reviews");
    assertThat(cluster.all(Deployment.class))
        .map(Deployment::kind)
        .containsExactly("Deployment", "StatefulSet", "DaemonSet");
    assertThat(cluster.all(Deployment.class).get(0).spec().podLabels())
        .containsEntry("version", "v1");
    assertThat(only(EndpointSlice.class).endpoints())
        .map(e -> e.isReady())
        .containsExactly(true, false);
    assertThat(only(Endpoints.class).subsets().get(0).addresses().get(0).ip())
        .isEqualTo("10.0.0.1");
    assertThat(only(Node.class).metadata().labels())
        .containsEntry("topology.kubernetes.io/zone", "z1");
  }

  @Test
  void otherServices_areRead() {
    assertThat(only(ServiceEntry.class).spec().endpoints().get(0).ports())
        .isEqualTo(Map.of("https", 8443));
    assertThat(only(WorkloadEntry.class).spec().locality()).isEqualTo("r1/z1");
    assertThat(only(WorkloadGroup.class).spec().template().serviceAccount()).isEqualTo("vm");
    assertThat(only(WorkloadGroup.class).spec().probe()).isInstanceOf(Map.class);
    assertThat(only(Sidecar.class).spec().outboundTrafficPolicy().mode())
        .isEqualTo(Sidecar.Mode.REGISTRY_ONLY);
  }

  @Test
  void httpRoute_isRead() {
    HttpRoute.Rule rule = only(HttpRoute.class).spec().rules().get(0);

    assertThat(rule.matches().get(0).path().type()).isEqualTo(HttpRoute.PathType.PathPrefix);
    assertThat(rule.filters())
        .map(HttpRoute.Filter::type)
        .contains(HttpRoute.FilterType.URLRewrite);
    assertThat(rule.timeouts().request()).isEqualTo(Duration.ofSeconds(10));
    assertThat(rule.backendRefs().get(0).weight()).isEqualTo(9);
  }

  @Test
  void policies_areRead() {
    AuthorizationPolicy.Spec policy = only(AuthorizationPolicy.class).spec();
    AuthorizationPolicy.Rule rule = policy.rules().get(0);

    assertThat(policy.actionOrDefault()).isEqualTo(AuthorizationPolicy.Action.ALLOW);
    assertThat(policy.selector().matchLabels()).containsEntry("app", "reviews");
    assertThat(rule.from().get(0).source().namespaces()).containsExactly("production");
    assertThat(rule.to().get(0).operation().paths()).containsExactly("/api/*");
    assertThat(rule.when().get(0).notValues()).containsExactly("guest");
    assertThat(policy.rules().get(1).from()).isEmpty();
    assertThat(only(PeerAuthentication.class).spec().portLevelMtls().get("9090").mode())
        .isEqualTo(PeerAuthentication.Mode.DISABLE);
    assertThat(only(RequestAuthentication.class).spec().jwtRules().get(0).audiences())
        .containsExactly("shop");
    assertThat(only(Telemetry.class).spec().tracing().get(0).randomSamplingPercentage())
        .isEqualTo(10.0);
    assertThat(
            only(Telemetry.class).spec().tracing().get(0).customTags().get("user").header().name())
        .isEqualTo("x-user-id");
  }

  @Test
  void empty_policiesAreNotAbsent() {
    Configuration read =
        Configuration.read(
            ConfigSource.yaml(
                "x",
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nothing}
                ---
                apiVersion: security.istio.io/v1beta1
                kind: AuthorizationPolicy
                metadata: {name: all}
                spec: {rules: [{}]}
                """));

    assertThat(read.problems()).isEmpty();
    assertThat(read.all(AuthorizationPolicy.class))
        .map(policy -> policy.spec().rules().size())
        .containsExactly(0, 1);
  }

  @Test
  void versions_thatAreServed() throws IOException {
    String dump;
    try (InputStream stream = getClass().getResourceAsStream("/istio/cluster-dump.yaml")) {
      dump = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String version : List.of("v1alpha3", "v1beta1")) {
      String older =
          dump.replace("networking.istio.io/v1", "networking.istio.io/" + version)
              .replace("security.istio.io/v1", "security.istio.io/v1beta1")
              .replace("telemetry.istio.io/v1", "telemetry.istio.io/v1alpha1")
              .replace("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1");
      Configuration read = Configuration.read(ConfigSource.yaml("x", older));

      assertThat(read.problems()).isEmpty();
      assertThat(read.resources()).hasSameSizeAs(cluster.resources());
    }
  }

  private <T extends Resource> T only(Class<T> type) {
    List<T> all = cluster.all(type);
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}
