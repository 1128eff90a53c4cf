package com.example;

import org.springframework.web.service.annotation.GetExchange;

public interface Orders {
  @GetExchange("/who")
  String who();
}
