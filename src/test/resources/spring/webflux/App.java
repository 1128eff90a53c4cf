package com.example;

import io.meshclient.server.MeshCaller;
import io.meshclient.server.MeshPeer;
import io.meshclient.spring.client.MeshClientHttpRequestFactory;
import java.security.Principal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@SpringBootApplication
public class App {
  public static void main(String[] args) {
    SpringApplication.run(App.class, args);
  }
}

@RestController
class Calls {
  private static final String URL = "http://orders:8080/who";

  private final RestClient rest;
  private final WebClient web;
  private final Orders orders;

  Calls(MeshClientHttpRequestFactory factory, WebClient.Builder web, Orders orders) {
    this.rest = RestClient.builder().requestFactory(factory).build();
    this.web = web.build();
    this.orders = orders;
  }

  @GetMapping("/webclient")
  Mono<String> webClient() {
    return web.get().uri(URL).retrieve().bodyToMono(String.class);
  }

  @GetMapping("/elsewhere")
  Mono<String> elsewhere() {
    return Mono.just(URL)
        .publishOn(Schedulers.parallel())
        .flatMap(url -> web.get().uri(url).retrieve().bodyToMono(String.class));
  }

  @GetMapping("/restclient")
  Mono<String> restClient() {
    return Mono.fromCallable(() -> rest.get().uri(URL).retrieve().body(String.class))
        .subscribeOn(Schedulers.boundedElastic());
  }

  @GetMapping("/interface")
  Mono<String> httpInterface() {
    return orders.who();
  }

  @GetMapping("/caller")
  Mono<String> caller(MeshCaller caller, MeshPeer peer) {
    return Mono.fromSupplier(() -> caller.isKnown() + " " + peer)
        .subscribeOn(Schedulers.parallel());
  }

  @GetMapping("/secured")
  Mono<String> secured(Mono<Principal> principal) {
    return principal.map(one -> one.getClass().getSimpleName() + " " + one.getName());
  }

  @GetMapping({"/denied", "/limited"})
  Mono<String> reached() {
    return Mono.just("reached");
  }
}
