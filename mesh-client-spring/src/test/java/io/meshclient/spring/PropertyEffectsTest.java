package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.ScriptedProxy;
import io.meshclient.context.MeshDeadline;
import io.meshclient.spring.test.MeshExtension;
import io.meshclient.spring.test.ScriptedEndpoint;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What switches of the client make of its calls, its start and its end. */
class PropertyEffectsTest {
  private static final String READY = "GET /healthz/ready 200";
  private static final String QUIT = "POST /quitquitquit";

  @RegisterExtension static final MeshExtension endpoints = new MeshExtension();
  static final ScriptedEndpoint orders = endpoints.endpoint("orders", "v1");

  @TempDir Path directory;
  private final ScriptedProxy proxy = new ScriptedProxy();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MeshClientAutoConfiguration.class))
          .withBean(MeshClientBuilderCustomizer.class, () -> endpoints::applyTo);

  private ApplicationContextRunner besideProxy() {
    return runner
        .withBean("proxy", MeshClientBuilderCustomizer.class, () -> proxy.around(directory))
        .withPropertyValues("mesh.client.mode=istio");
  }

  @Test
  void start_waits_for_the_proxy_where_told() {
    besideProxy()
        .withPropertyValues("mesh.client.await-mesh=30s")
        .run(context -> assertThat(proxy.asked()).contains(READY));
  }

  @Test
  void start_waits_for_no_proxy_by_default() {
    besideProxy()
        .withPropertyValues("mesh.client.await-mesh=0s")
        .run(context -> assertThat(proxy.asked()).doesNotContain(READY));
  }

  @Test
  void end_tells_the_proxy_to_end_where_told() {
    besideProxy()
        .withPropertyValues("mesh.client.quit-mesh-on-close=true")
        .run(context -> assertThat(proxy.asked()).noneMatch(one -> one.startsWith(QUIT)));
    assertThat(proxy.asked()).anyMatch(one -> one.startsWith(QUIT));
  }

  @Test
  void end_leaves_the_proxy_alone_by_default() {
    besideProxy().run(context -> assertThat(context).hasNotFailed());
    assertThat(proxy.asked()).noneMatch(one -> one.startsWith(QUIT));
  }

  @Test
  void rules_retries_are_made_above_the_mesh_where_told() throws IOException {
    orders.answers(503, "").answers(200, "second");
    retrying()
        .withPropertyValues("mesh.client.retries-above-mesh=true")
        .run(context -> assertThat(call(context.getBean(MeshClient.class))).isEqualTo(200));
    assertThat(orders.received()).hasSize(2);
  }

  @Test
  void rules_retries_are_left_to_the_mesh_by_default() throws IOException {
    orders.answers(503, "").answers(200, "second");
    retrying().run(context -> assertThat(call(context.getBean(MeshClient.class))).isEqualTo(503));
    assertThat(orders.received()).hasSize(1);
  }

  private ApplicationContextRunner retrying() throws IOException {
    Files.writeString(
        directory.resolve("rules.yaml"),
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: default}
        spec:
          hosts: [orders]
          http:
            - route: [{destination: {host: orders}}]
              retries: {attempts: 2, retryOn: 5xx}
        """);
    return besideProxy()
        .withPropertyValues(
            "mesh.client.namespace=default", "mesh.client.config.locations=file:" + directory);
  }

  @Test
  void deadline_is_sent_where_told() {
    ApplicationContextRunner plain = runner.withPropertyValues("mesh.client.mode=none");
    plain.run(context -> callWithin(context.getBean(MeshClient.class)));
    plain
        .withPropertyValues("mesh.client.send-deadline=true")
        .run(context -> callWithin(context.getBean(MeshClient.class)));
    assertThat(orders.received().get(0).header(MeshDeadline.HEADER)).isNull();
    assertThat(orders.received().get(1).header(MeshDeadline.HEADER))
        .satisfies(millis -> assertThat(Integer.parseInt(millis)).isBetween(1, 60_000));
  }

  private static void callWithin(MeshClient mesh) throws IOException {
    MeshDeadline deadline = MeshDeadline.after(Duration.ofMinutes(1));
    try (Scope scope = Context.current().with(deadline).makeCurrent()) {
      assertThat(call(mesh)).isEqualTo(200);
    }
  }

  private static int call(MeshClient mesh) throws IOException {
    int port = URI.create("http://" + orders.address()).getPort();
    Request request = new Request.Builder().url("http://orders:" + port + "/").build();
    OkHttpClient.Builder resolving =
        new OkHttpClient.Builder().dns(host -> List.of(InetAddress.getLoopbackAddress()));
    try (Response answer = mesh.instrument(resolving).build().newCall(request).execute()) {
      answer.body().bytes();
      return answer.code();
    }
  }
}
