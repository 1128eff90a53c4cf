package io.meshclient.spring.client;

import io.meshclient.MeshClient;
import io.meshclient.spring.MeshClientAutoConfiguration;
import io.meshclient.spring.context.ReactorContexts;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.reactive.function.client.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Has {@code WebClient} and HTTP interfaces on it send through the mesh's client. The customizer's
 * package differs between Boot's lines, so that there are two of it.
 */
@AutoConfiguration(
    after = MeshClientAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.autoconfigure.web.reactive.function.client.WebClientAutoConfiguration",
      "org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration"
    })
@ConditionalOnClass(WebClient.class)
@ConditionalOnBean(MeshClient.class)
@ConditionalOnProperty(name = "mesh.client.webclient.enabled", matchIfMissing = true)
public final class MeshWebClientAutoConfiguration {

  MeshWebClientAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  MeshClientHttpConnector meshClientHttpConnector(MeshClient mesh) {
    return new MeshClientHttpConnector(withoutQueue(mesh.okHttpClient()), ReactorContexts::of);
  }

  /** OkHttp would let five calls to a host run at once, and keep the others waiting. */
  static OkHttpClient withoutQueue(OkHttpClient http) {
    Dispatcher dispatcher = new Dispatcher(http.dispatcher().executorService());
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return http.newBuilder().dispatcher(dispatcher).build();
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = "org.springframework.boot.web.reactive.function.client.WebClientCustomizer")
  static class Boot3 {

    @Bean
    WebClientCustomizer meshWebClientCustomizer(MeshClientHttpConnector connector) {
      return builder -> builder.clientConnector(connector);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.webclient.WebClientCustomizer")
  static class Boot4 {

    @Bean
    org.springframework.boot.webclient.WebClientCustomizer meshWebClientCustomizer(
        MeshClientHttpConnector connector) {
      return builder -> builder.clientConnector(connector);
    }
  }
}
