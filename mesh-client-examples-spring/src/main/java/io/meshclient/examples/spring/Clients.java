package io.meshclient.examples.spring;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SpiffeIdPattern;
import io.meshclient.identity.WorkloadApiSource;
import io.meshclient.spring.MeshClientBuilderCustomizer;
import io.meshclient.telemetry.MeshTelemetry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** The three kinds of clients, and what the mesh's client is told besides properties. */
@Configuration(proxyBeanMethods = false)
class Clients {
  private static final String ORDERS = "http://order-service:8080";
  private static final String PAYMENTS = "http://payment-service:8080";

  @Bean
  RestClient orders(RestClient.Builder builder) {
    return answering(builder).baseUrl(ORDERS).build();
  }

  @Bean
  Payments payments(RestClient.Builder builder) {
    RestClient client = answering(builder).baseUrl(PAYMENTS).build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
        .build()
        .createClient(Payments.class);
  }

  /** An answer is one, whatever its status. */
  private static RestClient.Builder answering(RestClient.Builder builder) {
    return builder.defaultStatusHandler(status -> true, (request, response) -> {});
  }

  @Bean
  WebClient ordersReactive(WebClient.Builder builder) {
    return builder.baseUrl(ORDERS).build();
  }

  @Bean
  MeshTelemetry telemetry(@Value("${web.version}") String version) {
    return MeshTelemetry.builder()
        .environment(System.getenv())
        .service("web")
        .version(version)
        .build();
  }

  @Bean
  Decisions decisions() {
    return new Decisions();
  }

  @Bean
  MeshClientBuilderCustomizer listening(Decisions decisions) {
    return builder -> builder.onDecision(decisions);
  }

  /** Who it is where there is no sidecar to be it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty("SPIFFE_ENDPOINT_SOCKET")
  static class Identity {

    @Bean
    IdentitySource identity(
        @Value("${SPIFFE_ENDPOINT_SOCKET}") String socket, @Value("${web.identity}") String id) {
      return WorkloadApiSource.at(socket).id(SpiffeId.parse(id + "web")).start();
    }

    @Bean
    MeshClientBuilderCustomizer peers(@Value("${web.identity}") String id) {
      return builder -> {
        for (String service : new String[] {"order-service", "payment-service"}) {
          builder
              .mutualTls(service)
              .peer(service, ExpectedPeer.of(SpiffeIdPattern.parse(id + service)));
        }
      };
    }
  }
}
