package io.meshclient.spring.security;

import io.meshclient.server.ServerPipeline;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * Puts {@link MeshAuthenticationFilter} into each chain that an application builds by {@code
 * HttpSecurity}, which finds this class by {@code spring.factories}.
 */
public final class MeshSecurityConfigurer
    extends AbstractHttpConfigurer<MeshSecurityConfigurer, HttpSecurity> {
  private static final String SWITCH = "mesh.client.inbound.security";

  /** For Spring. */
  public MeshSecurityConfigurer() {}

  @Override
  public void configure(HttpSecurity http) {
    ApplicationContext context = http.getSharedObject(ApplicationContext.class);
    if (context.getBeanProvider(ServerPipeline.class).getIfAvailable() != null
        && context.getEnvironment().getProperty(SWITCH, Boolean.class, true)) {
      http.addFilterBefore(new MeshAuthenticationFilter(), AnonymousAuthenticationFilter.class);
    }
  }
}
