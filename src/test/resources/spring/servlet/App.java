package com.example;

import io.meshclient.server.MeshCaller;
import io.meshclient.server.MeshPeer;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

@SpringBootApplication
@EnableAsync
public class App {
  public static void main(String[] args) {
    SpringApplication.run(App.class, args);
  }
}

@RestController
class Calls {
  private static final String URL = "http://orders:8080/who";

  private final RestClient rest;
  private final RestTemplate template;
  private final WebClient web;
  private final Orders orders;
  private final Later later;
  private final AsyncTaskExecutor executor;

  Calls(
      RestClient.Builder rest,
      Templates templates,
      WebClient.Builder web,
      Orders orders,
      Later later,
      @Qualifier("applicationTaskExecutor") AsyncTaskExecutor executor) {
    this.rest = rest.build();
    this.template = templates.make();
    this.web = web.build();
    this.orders = orders;
    this.later = later;
    this.executor = executor;
  }

  @GetMapping("/restclient")
  String restClient() {
    return rest.get().uri(URL).retrieve().body(String.class);
  }

  @GetMapping("/resttemplate")
  String restTemplate() {
    return template.getForObject(URL, String.class);
  }

  @GetMapping("/webclient")
  Mono<String> webClient() {
    return web.get().uri(URL).retrieve().bodyToMono(String.class);
  }

  @GetMapping("/blocked")
  String blocked() {
    return web.get().uri(URL).retrieve().bodyToMono(String.class).block();
  }

  @GetMapping("/interface")
  String httpInterface() {
    return orders.who();
  }

  @GetMapping("/callable")
  Callable<String> callable() {
    return this::restClient;
  }

  @GetMapping("/async")
  CompletableFuture<String> async() {
    return later.who(this::restClient);
  }

  @GetMapping("/future")
  CompletableFuture<String> future() {
    return CompletableFuture.supplyAsync(this::restClient, executor);
  }

  @GetMapping("/caller")
  String caller(MeshCaller caller, MeshPeer peer) {
    return caller.isKnown() + " " + peer + " " + Thread.currentThread();
  }

  @GetMapping("/secured")
  String secured(java.security.Principal principal) {
    return principal.getClass().getSimpleName() + " " + principal.getName();
  }

  @GetMapping({"/denied", "/limited"})
  String reached() {
    return "reached";
  }
}

@Component
class Later {
  @Async
  public CompletableFuture<String> who(java.util.function.Supplier<String> call) {
    return CompletableFuture.completedFuture(call.get());
  }
}
