package io.meshclient.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.server.MeshCaller;
import io.meshclient.server.MeshPeer;
import io.meshclient.spring.MeshClientAutoConfiguration;
import io.meshclient.spring.MeshIdentityAutoConfiguration;
import io.meshclient.spring.server.MeshServerAutoConfiguration;
import io.meshclient.spring.server.MeshWebFluxAutoConfiguration;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.security.reactive.ReactiveSecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.HttpHandlerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.WebFluxAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Requests to WebFlux on Netty: who calls, for controllers and for Spring Security. */
class WebFluxCallerTest {
  private static final SpiffeId OWN = SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/orders");
  private static final SpiffeId WEB = SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/web");
  private static final String[] XFCC = {
    "x-forwarded-client-cert", "By=" + OWN + ";Hash=" + "0123456789abcdef".repeat(4) + ";URI=" + WEB
  };
  private static final String MESH = "PreAuthenticatedAuthenticationToken " + WEB;

  private final ReactiveWebApplicationContextRunner open =
      new ReactiveWebApplicationContextRunner(
              AnnotationConfigReactiveWebServerApplicationContext::new)
          .withConfiguration(
              AutoConfigurations.of(
                  MeshClientAutoConfiguration.class,
                  MeshIdentityAutoConfiguration.class,
                  MeshServerAutoConfiguration.class,
                  MeshWebFluxAutoConfiguration.class,
                  MeshWebFluxSecurityAutoConfiguration.class,
                  SslAutoConfiguration.class,
                  HttpHandlerAutoConfiguration.class,
                  ReactiveWebServerFactoryAutoConfiguration.class,
                  WebFluxAutoConfiguration.class))
          .withInitializer(new ServerPortInfoApplicationContextInitializer())
          .withUserConfiguration(Answers.class)
          .withPropertyValues("mesh.client.mode=none", "server.port=0", "server.address=127.0.0.1");
  private final ReactiveWebApplicationContextRunner secured =
      open.withConfiguration(AutoConfigurations.of(ReactiveSecurityAutoConfiguration.class))
          .withUserConfiguration(Users.class);

  private static final String SIDECAR = "mesh.client.inbound.sidecar=" + OWN;

  @Test
  void default_chain_takes_the_caller_for_one_request() {
    secured
        .withPropertyValues(SIDECAR)
        .run(
            context -> {
              HttpResponse<String> known = get(context, "/principal", XFCC);
              assertThat(known.body()).isEqualTo(MESH);
              assertThat(known.headers().firstValue("set-cookie")).isEmpty();
              assertThat(get(context, "/principal").statusCode()).isEqualTo(401);
            });
  }

  @Test
  void own_chain_asks_for_the_authority() {
    secured
        .withUserConfiguration(Chain.class)
        .withPropertyValues(SIDECAR)
        .run(
            context -> {
              assertThat(get(context, "/principal", XFCC).body()).isEqualTo(MESH);
              assertThat(get(context, "/principal", basic("password")).statusCode()).isEqualTo(403);
              assertThat(get(context, "/principal").statusCode()).isEqualTo(401);
              assertThat(get(context, "/caller").body()).isEqualTo("false null null");
            });
  }

  @Test
  void who_the_application_authenticates_goes_first() {
    secured
        .withPropertyValues(SIDECAR)
        .run(
            context -> {
              String[] both = both(basic("password"));
              assertThat(get(context, "/principal", both).body())
                  .isEqualTo("UsernamePasswordAuthenticationToken user");
              assertThat(get(context, "/caller", both).body())
                  .isEqualTo("true " + WEB + " MeshPeer[id=" + WEB + "]");
              assertThat(get(context, "/principal", both(basic("wrong"))).statusCode())
                  .isEqualTo(401);
            });
  }

  @Test
  void who_has_a_session_goes_first() {
    secured
        .withUserConfiguration(Chain.class)
        .withPropertyValues(SIDECAR)
        .run(
            context -> {
              HttpRequest login =
                  HttpRequest.newBuilder(at("http", context, "/login"))
                      .headers(both("content-type", "application/x-www-form-urlencoded"))
                      .POST(HttpRequest.BodyPublishers.ofString("username=user&password=password"))
                      .build();
              String session =
                  HttpClient.newHttpClient()
                      .send(login, HttpResponse.BodyHandlers.ofString())
                      .headers()
                      .firstValue("set-cookie")
                      .orElseThrow();
              assertThat(get(context, "/open", both("cookie", session)).body())
                  .isEqualTo("UsernamePasswordAuthenticationToken user");
              assertThat(get(context, "/open", XFCC).body()).isEqualTo(MESH);
            });
  }

  @Test
  void who_is_not_verified_is_nobody() {
    secured.run(
        context -> assertThat(get(context, "/principal", XFCC).statusCode()).isEqualTo(401));
  }

  @Test
  void security_knows_nobody_where_told() {
    secured
        .withPropertyValues(SIDECAR, "mesh.client.inbound.security=false")
        .run(context -> assertThat(get(context, "/principal", XFCC).statusCode()).isEqualTo(401));
  }

  @Test
  void caller_is_an_argument_without_security() {
    open.withPropertyValues(SIDECAR)
        .run(
            context -> {
              assertThat(get(context, "/caller", XFCC).body())
                  .isEqualTo("true " + WEB + " MeshPeer[id=" + WEB + "]");
              assertThat(get(context, "/caller").body()).isEqualTo("false null null");
              assertThat(get(context, "/principal", XFCC).body()).isEqualTo("MeshCaller " + WEB);
            });
  }

  @Test
  void certificate_of_the_connection_authenticates(@TempDir Path directory) throws Exception {
    LocalAuthority authority = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    PemDirectorySource.write(
        directory, new WorkloadIdentity(authority.issue(OWN), authority.bundles()));
    HttpClient proven =
        HttpClient.newBuilder()
            .sslContext(
                IdentityTls.of(authority.source(WEB))
                    .clientContext(ExpectedPeer.parse(OWN.toString())))
            .build();
    secured
        .withPropertyValues(
            "mesh.client.identity.pem-directory=" + directory,
            "server.ssl.bundle=mesh",
            "server.ssl.client-auth=want")
        .run(
            context ->
                assertThat(get(proven, "https", context, "/principal").body()).isEqualTo(MESH));
  }

  @Test
  void subject_of_a_token_has_an_authority_of_its_own() {
    assertThat(CallerAuthentication.of(new MeshCaller(WEB, "issuer/ann", Map.of())))
        .satisfies(
            one -> {
              assertThat(one.getName()).isEqualTo("issuer/ann");
              assertThat(one.getAuthorities())
                  .extracting(Object::toString)
                  .containsExactly("MESH_REQUEST_PRINCIPAL");
            });
  }

  private static String[] basic(String password) {
    String user = Base64.getEncoder().encodeToString(("user:" + password).getBytes());
    return new String[] {"authorization", "Basic " + user};
  }

  private static String[] both(String... more) {
    return new String[] {XFCC[0], XFCC[1], more[0], more[1]};
  }

  private HttpResponse<String> get(ApplicationContext context, String path, String... headers)
      throws Exception {
    // A connection for each: Reactor Netty may leave the third on one unread (its issue 4361).
    return get(HttpClient.newHttpClient(), "http", context, path, headers);
  }

  private static HttpResponse<String> get(
      HttpClient client, String scheme, ApplicationContext context, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(scheme, context, path)).timeout(Duration.ofSeconds(60));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI at(String scheme, ApplicationContext context, String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    return URI.create(scheme + "://127.0.0.1:" + port + path);
  }

  @RestController
  static class Answers {

    @GetMapping({"/principal", "/open"})
    Mono<String> principal(Mono<Principal> principal) {
      return principal.map(one -> one.getClass().getSimpleName() + " " + one.getName());
    }

    @GetMapping("/caller")
    Mono<String> caller(MeshCaller caller, MeshPeer peer) {
      return Mono.fromSupplier(() -> caller.isKnown() + " " + caller.peer() + " " + peer)
          .subscribeOn(Schedulers.parallel());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Users {

    @Bean
    MapReactiveUserDetailsService users() {
      return new MapReactiveUserDetailsService(
          User.withUsername("user").password("{noop}password").authorities("USER").build());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Chain {

    @Bean
    SecurityWebFilterChain chain(ServerHttpSecurity http) {
      return http.authorizeExchange(
              requests ->
                  requests
                      .pathMatchers("/principal")
                      .hasAuthority("MESH_PEER")
                      .anyExchange()
                      .permitAll())
          .httpBasic(Customizer.withDefaults())
          .formLogin(Customizer.withDefaults())
          .anonymous(Customizer.withDefaults())
          .csrf(ServerHttpSecurity.CsrfSpec::disable)
          .build();
    }
  }
}
