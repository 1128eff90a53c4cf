package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.actuate.MeshActuatorAutoConfiguration;
import io.meshclient.spring.actuate.MeshMetersAutoConfiguration;
import io.meshclient.spring.client.MeshClientHttpConnector;
import io.meshclient.spring.client.MeshClientHttpRequestFactory;
import io.meshclient.spring.client.MeshRestClientAutoConfiguration;
import io.meshclient.spring.client.MeshWebClientAutoConfiguration;
import io.meshclient.spring.cloud.MeshDiscoveryAutoConfiguration;
import io.meshclient.spring.context.MeshContextAutoConfiguration;
import io.meshclient.spring.security.MeshWebFluxSecurityAutoConfiguration;
import io.meshclient.spring.server.MeshServerAutoConfiguration;
import io.meshclient.spring.server.MeshServletAutoConfiguration;
import io.meshclient.spring.server.MeshWebFilter;
import io.meshclient.spring.server.MeshWebFluxAutoConfiguration;
import io.micrometer.context.ContextRegistry;
import jakarta.servlet.Filter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.core.task.TaskDecorator;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Which beans there are, condition by condition. */
class ConditionsTest {
  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          MeshClientAutoConfiguration.class,
          MeshIdentityAutoConfiguration.class,
          MeshActuatorAutoConfiguration.class,
          MeshMetersAutoConfiguration.class,
          MeshRestClientAutoConfiguration.class,
          MeshWebClientAutoConfiguration.class,
          MeshContextAutoConfiguration.class,
          MeshDiscoveryAutoConfiguration.class,
          MeshWebFluxSecurityAutoConfiguration.class,
          MeshServerAutoConfiguration.class,
          MeshServletAutoConfiguration.class,
          MeshWebFluxAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(ALL)
          .withPropertyValues("mesh.client.mode=none");
  private final WebApplicationContextRunner servlet =
      new WebApplicationContextRunner()
          .withConfiguration(ALL)
          .withPropertyValues("mesh.client.mode=none");
  private final ReactiveWebApplicationContextRunner reactive =
      new ReactiveWebApplicationContextRunner()
          .withConfiguration(ALL)
          .withPropertyValues("mesh.client.mode=none");

  @Test
  void application_without_web_gets_client_factory_connector_and_decorator() {
    runner.run(
        context ->
            assertThat(context)
                .hasNotFailed()
                .hasSingleBean(MeshClient.class)
                .hasSingleBean(MeshClientHttpRequestFactory.class)
                .hasSingleBean(MeshClientHttpConnector.class)
                .hasSingleBean(TaskDecorator.class)
                .hasSingleBean(HealthIndicator.class)
                .doesNotHaveBean(ServerPipeline.class));
  }

  @Test
  void disabled_there_is_nothing() {
    servlet
        .withPropertyValues("mesh.client.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(MeshClient.class)
                    .doesNotHaveBean(MeshClientHttpRequestFactory.class)
                    .doesNotHaveBean(ServerPipeline.class)
                    .doesNotHaveBean(TaskDecorator.class)
                    .doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void own_client_takes_the_place() {
    try (MeshClient own = MeshClient.builder().build()) {
      runner
          .withBean(MeshClient.class, () -> own)
          .run(context -> assertThat(context.getBean(MeshClient.class)).isSameAs(own));
    }
  }

  @Test
  void own_decorator_takes_the_place() {
    TaskDecorator own = task -> task;
    runner
        .withBean(TaskDecorator.class, () -> own)
        .run(context -> assertThat(context.getBean(TaskDecorator.class)).isSameAs(own));
  }

  @Test
  void own_propagation_policy_takes_the_place() {
    runner
        .withBean(PropagationPolicy.class, PropagationPolicy::defaults)
        .run(context -> assertThat(context).hasSingleBean(PropagationPolicy.class));
  }

  @Test
  void clients_are_left_alone_where_told() {
    runner
        .withPropertyValues("mesh.client.rest.enabled=false", "mesh.client.webclient.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(MeshClientHttpRequestFactory.class)
                    .doesNotHaveBean(MeshClientHttpConnector.class));
  }

  @Test
  void missing_libraries_are_not_missed() {
    runner
        .withClassLoader(
            new FilteredClassLoader(
                WebClient.class,
                RestClient.class,
                ContextRegistry.class,
                DiscoveryClient.class,
                HealthIndicator.class,
                Filter.class))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(MeshClient.class)
                    .doesNotHaveBean(MeshClientHttpRequestFactory.class)
                    .doesNotHaveBean(MeshClientHttpConnector.class));
  }

  @Test
  void servlet_application_gets_the_filter_before_security() {
    servlet.run(
        context -> {
          assertThat(context).hasSingleBean(FilterRegistrationBean.class);
          assertThat(context).doesNotHaveBean(MeshWebFilter.class);
          assertThat(context.getBean(FilterRegistrationBean.class).getOrder())
              .isEqualTo(Integer.MIN_VALUE + 10);
        });
  }

  @Test
  void webflux_application_gets_the_filter() {
    reactive.run(
        context ->
            assertThat(context)
                .hasNotFailed()
                .hasSingleBean(MeshWebFilter.class)
                .doesNotHaveBean(FilterRegistrationBean.class));
  }

  @Test
  void webflux_application_has_the_caller_in_each_security_chain() {
    reactive.run(context -> assertThat(context).hasBean("meshServerHttpSecurity"));
    servlet.run(context -> assertThat(context).doesNotHaveBean("meshServerHttpSecurity"));
  }

  @Test
  void security_is_left_alone_where_told_and_where_there_is_none() {
    List.of(
            reactive.withPropertyValues("mesh.client.inbound.security=false"),
            reactive.withPropertyValues("mesh.client.inbound.enabled=false"),
            reactive.withClassLoader(new FilteredClassLoader(ServerHttpSecurity.class)))
        .forEach(
            one ->
                one.run(
                    context ->
                        assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean("meshServerHttpSecurity")));
  }

  @Test
  void inbound_is_left_alone_where_told() {
    servlet
        .withPropertyValues("mesh.client.inbound.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(ServerPipeline.class)
                    .doesNotHaveBean(FilterRegistrationBean.class));
  }

  @Test
  void endpoint_is_there_where_it_is_exposed() {
    runner.run(context -> assertThat(context).doesNotHaveBean("meshEndpoint"));
    servlet
        .withPropertyValues("management.endpoints.web.exposure.include=mesh")
        .run(context -> assertThat(context).hasBean("meshEndpoint"));
  }
}
