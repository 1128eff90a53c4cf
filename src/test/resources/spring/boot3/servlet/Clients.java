package com.example;

import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

@Configuration
class Clients {
  @Bean
  Orders orders(RestClient.Builder rest) {
    RestClient client = rest.baseUrl("http://orders:8080").build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
        .build()
        .createClient(Orders.class);
  }

  @Bean
  Templates templates(RestTemplateBuilder builder) {
    return builder::build;
  }
}

interface Templates {
  RestTemplate make();
}
