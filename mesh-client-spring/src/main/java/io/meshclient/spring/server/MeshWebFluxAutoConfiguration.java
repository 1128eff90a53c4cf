package io.meshclient.spring.server;

import io.meshclient.server.ServerPipeline;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** The filter for WebFlux, and who calls as an argument of controllers. */
@AutoConfiguration(after = MeshServerAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(WebFluxConfigurer.class)
@ConditionalOnBean(ServerPipeline.class)
@ImportRuntimeHints(CallerParameter.Hints.class)
public final class MeshWebFluxAutoConfiguration {

  MeshWebFluxAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  MeshWebFilter meshWebFilter(ServerPipeline pipeline, MeshServerProperties properties) {
    return new MeshWebFilter(pipeline, properties.order());
  }

  @Bean
  WebFluxConfigurer meshWebFluxArguments() {
    return new WebFluxConfigurer() {
      @Override
      public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
        configurer.addCustomResolver(new PeerArguments());
      }
    };
  }

  @Bean
  SmartInitializingSingleton meshWebFluxCallers(
      ObjectProvider<RequestMappingHandlerMapping> mappings) {
    return () ->
        mappings.forEach(
            mapping -> mapping.getHandlerMethods().values().forEach(CallerParameter::putInto));
  }
}
