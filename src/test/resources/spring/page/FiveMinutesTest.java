package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.spring.test.MeshExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The last of the steps, and what a refused operation tells. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class FiveMinutesTest {
  @RegisterExtension static final MeshExtension mesh = new MeshExtension();

  static {
    mesh.endpoint("orders", "v1");
    mesh.endpoint("orders", "v2");
  }

  @DynamicPropertySource
  static void endpoints(DynamicPropertyRegistry registry) {
    mesh.register(registry);
  }

  private final HttpClient http = HttpClient.newHttpClient();

  @Value("${local.server.port}")
  private int port;

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void canary_header_leads_to_v2_and_the_actuator_tells_why() throws Exception {
    assertThat(send(request("/checkout").header("x-canary", "true")).body()).isEqualTo("orders v2");
    assertThat(send(request("/checkout")).body()).isEqualTo("orders v1");
    assertThat(send(request("/actuator/mesh")).body()).contains("rules.yaml:", "http[1]");
  }

  @Test
  void breaker_is_not_set_and_the_reason_is_told() throws Exception {
    HttpResponse<String> refused =
        send(
            request("/actuator/mesh")
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"breaker\": \"any\", \"action\": \"open\"}")));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":\"mesh.client.actuator.breaker-writes: false (expected: true, to set"
                + " breakers)\"}");
  }
}
