package io.meshclient.spring.security;

import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.server.MeshServerAutoConfiguration;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.web.server.WebFilter;

/** Who calls, for Spring Security on WebFlux. */
@AutoConfiguration(after = MeshServerAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({ServerHttpSecurity.class, WebFilter.class})
@ConditionalOnBean(ServerPipeline.class)
@ConditionalOnProperty(name = "mesh.client.inbound.security", matchIfMissing = true)
public final class MeshWebFluxSecurityAutoConfiguration {

  MeshWebFluxSecurityAutoConfiguration() {}

  /** Each chain is built by an instance of its own, also the one that there is by default. */
  @Bean
  static BeanPostProcessor meshServerHttpSecurity() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ServerHttpSecurity http) {
          http.addFilterBefore(
              new MeshAuthenticationWebFilter(), SecurityWebFiltersOrder.ANONYMOUS_AUTHENTICATION);
        }
        return bean;
      }
    };
  }
}
