package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.io.IOException;
import java.util.Map;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StageSettingsTest {

  @Test
  void state_lastsAsLongAsPoliciesNameWhatItBelongsTo() throws IOException {
    try (RawServer server = RawServer.start(Misbehaviour.NONE);
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .config(ConfigSource.yaml("rules.yaml", rules("")))
                .endpoint("orders", server.hostPort())
                .build()) {
      StageSettings stages = mesh.stages();
      assertThat(status(mesh)).isEqualTo(200);
      assertThat(stages.budgets().size()).isOne();
      assertThat(stages.tls().size()).isZero();
      mesh.apply(read(rules("trafficPolicy: {tls: {mode: SIMPLE, caCertificates: none.pem}}")));
      assertThat(status(mesh)).as("there is no such file").isEqualTo(503);
      assertThat(stages.budgets().size()).isOne();
      assertThat(stages.tls().size()).isOne();
      assertThat(stages.upstreams().size()).isEqualTo(mesh.policy().clusters().size());
      mesh.apply(read(rules("").replace("orders", "items")));
      assertThat(stages.budgets().size()).isZero();
      assertThat(stages.tls().size()).isZero();
      assertThat(stages.upstreams().size()).isEqualTo(mesh.policy().clusters().size());
    }
  }

  private static Configuration read(String yaml) {
    return Configuration.read(ConfigSource.yaml("rules.yaml", yaml));
  }

  private static String rules(String more) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders}
        spec:
          host: orders
          subsets: [{name: all}]
          %s
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http: [{route: [{destination: {host: orders, subset: all}}]}]
        """
        .formatted(more);
  }

  private static int status(MeshClient mesh) throws IOException {
    Request request = new Request.Builder().url("http://orders/x").build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      return response.code();
    }
  }
}
