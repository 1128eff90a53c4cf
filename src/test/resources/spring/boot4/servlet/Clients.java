package com.example;

import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration
@ImportHttpServices(group = "orders", types = Orders.class)
class Clients {
  @Bean
  Templates templates(RestTemplateBuilder builder) {
    return builder::build;
  }
}

interface Templates {
  RestTemplate make();
}
