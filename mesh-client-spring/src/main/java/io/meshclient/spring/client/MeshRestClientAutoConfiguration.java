package io.meshclient.spring.client;

import io.meshclient.MeshClient;
import io.meshclient.spring.MeshClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.client.RestClientCustomizer;
import org.springframework.boot.web.client.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * Has {@code RestClient}, {@code RestTemplate} and HTTP interfaces on them send through the mesh's
 * client. The customizers' package differs between Boot's lines, so that there are two of each.
 */
@AutoConfiguration(
    after = MeshClientAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.autoconfigure.web.client.RestClientAutoConfiguration",
      "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration"
    })
@ConditionalOnClass(RestClient.class)
@ConditionalOnBean(MeshClient.class)
@ConditionalOnProperty(name = "mesh.client.rest.enabled", matchIfMissing = true)
public final class MeshRestClientAutoConfiguration {

  MeshRestClientAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  MeshClientHttpRequestFactory meshClientHttpRequestFactory(MeshClient mesh) {
    return new MeshClientHttpRequestFactory(mesh.okHttpClient());
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.web.client.RestClientCustomizer")
  static class Boot3 {

    @Bean
    RestClientCustomizer meshRestClientCustomizer(MeshClientHttpRequestFactory factory) {
      return builder -> builder.requestFactory(factory);
    }

    @Bean
    RestTemplateCustomizer meshRestTemplateCustomizer(MeshClientHttpRequestFactory factory) {
      return template -> template.setRequestFactory(factory);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.restclient.RestClientCustomizer")
  static class Boot4 {

    @Bean
    org.springframework.boot.restclient.RestClientCustomizer meshRestClientCustomizer(
        MeshClientHttpRequestFactory factory) {
      return builder -> builder.requestFactory(factory);
    }

    @Bean
    org.springframework.boot.restclient.RestTemplateCustomizer meshRestTemplateCustomizer(
        MeshClientHttpRequestFactory factory) {
      return template -> template.setRequestFactory(factory);
    }
  }
}
