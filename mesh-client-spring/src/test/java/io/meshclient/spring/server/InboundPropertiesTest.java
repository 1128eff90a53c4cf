package io.meshclient.spring.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.context.MeshDeadline;
import io.meshclient.server.MeshServletFilter;
import io.meshclient.spring.MeshClientAutoConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What {@code mesh.client.inbound.*} makes of requests. */
class InboundPropertiesTest {
  private static final AutoConfigurations SERVER =
      AutoConfigurations.of(
          MeshClientAutoConfiguration.class,
          MeshServerAutoConfiguration.class,
          MeshServletAutoConfiguration.class,
          MeshWebFluxAutoConfiguration.class);

  @TempDir Path rules;
  private final AtomicReference<@Nullable MeshDeadline> deadline = new AtomicReference<>();

  @BeforeEach
  void deny() throws Exception {
    Files.writeString(
        rules.resolve("rules.yaml"),
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: denied, namespace: default}
        spec:
          action: DENY
          rules:
            - to: [{operation: {paths: [/admin]}}]
            - to: [{operation: {ports: ["9999"]}}]
        """);
  }

  private WebApplicationContextRunner servlet(String... properties) {
    return new WebApplicationContextRunner()
        .withConfiguration(SERVER)
        .withPropertyValues(
            "mesh.client.mode=none",
            "mesh.client.namespace=default",
            "mesh.client.config.locations=file:" + rules)
        .withPropertyValues(properties);
  }

  private int status(String path, String... properties) {
    AtomicReference<Integer> status = new AtomicReference<>();
    servlet(properties)
        .run(
            context -> {
              MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
              request.setServletPath(path); // a container does
              request.addHeader("host", "web");
              request.addHeader(MeshDeadline.HEADER, "5000");
              MockHttpServletResponse response = new MockHttpServletResponse();
              ((MeshServletFilter) context.getBean(FilterRegistrationBean.class).getFilter())
                  .doFilter(
                      request, response, (decided, answer) -> deadline.set(MeshDeadline.current()));
              status.set(response.getStatus());
            });
    return status.get();
  }

  @Test
  void path_that_is_exempt_from_access_is_anybodys() {
    assertThat(status("/admin")).isEqualTo(403);
    assertThat(status("/admin", "mesh.client.inbound.exempt-from-access=/admin")).isEqualTo(200);
  }

  @Test
  void rules_about_ports_mean_the_services_where_told() {
    assertThat(status("/")).isEqualTo(200);
    assertThat(status("/", "mesh.client.inbound.service-port=9999")).isEqualTo(403);
  }

  @Test
  void callers_deadline_is_taken_where_told() {
    assertThat(status("/")).isEqualTo(200);
    assertThat(deadline.get()).isNull();
    assertThat(status("/", "mesh.client.inbound.take-deadlines=true")).isEqualTo(200);
    assertThat(deadline.get()).isNotNull();
  }

  @Test
  void filter_is_where_the_order_says() {
    servlet("mesh.client.inbound.order=7")
        .run(
            context ->
                assertThat(context.getBean(FilterRegistrationBean.class).getOrder()).isEqualTo(7));
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(SERVER)
        .withPropertyValues("mesh.client.mode=none", "mesh.client.inbound.order=7")
        .run(context -> assertThat(context.getBean(MeshWebFilter.class).getOrder()).isEqualTo(7));
  }
}
