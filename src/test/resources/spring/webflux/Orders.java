package com.example;

import org.springframework.web.service.annotation.GetExchange;
import reactor.core.publisher.Mono;

public interface Orders {
  @GetExchange("/who")
  Mono<String> who();
}
