package io.meshclient.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.web.client.RestClientAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.web.client.RestClient;

/** A test as applications write it: a slice, and a mesh of scripted endpoints. */
@ExtendWith(SpringExtension.class)
@SpringBootTest(
    classes = MeshExtensionTest.Application.class,
    properties = {"mesh.client.mode=none", "mesh.client.config.locations=classpath:slice"})
@AutoConfigureMeshClient
@ImportAutoConfiguration(RestClientAutoConfiguration.class)
class MeshExtensionTest {
  @RegisterExtension static final MeshExtension mesh = new MeshExtension();
  static final ScriptedEndpoint v1 = mesh.endpoint("orders", "v1");
  static final ScriptedEndpoint v2 = mesh.endpoint("orders", "v2");

  @DynamicPropertySource
  static void endpoints(DynamicPropertyRegistry registry) {
    mesh.register(registry);
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {}

  private final RestClient rest;

  MeshExtensionTest(@Autowired RestClient.Builder builder, @Autowired MeshClient client) {
    this.rest = builder.baseUrl("http://orders:8080").build();
    assertThat(client.problems()).isEmpty();
  }

  private String get(String canary) {
    return rest.get().uri("/").header("x-canary", canary).retrieve().body(String.class);
  }

  @Test
  void rules_are_tried_on_real_requests() {
    assertThat(get("true")).isEqualTo("orders v2");
    assertThat(get("false")).isEqualTo("orders v1");
    assertThat(v2.received()).hasSize(1);
    assertThat(v1.received().get(0).header("x-canary")).isEqualTo("false");
  }

  @Test
  void script_is_played_in_order_and_rules_retry() {
    v1.answers(503, "").answers(503, "").answers(200, "third");
    assertThat(get("false")).isEqualTo("third");
    assertThat(v1.received()).hasSize(3);
  }

  @Test
  void what_other_tests_sent_is_forgotten() {
    assertThat(v1.received()).isEmpty();
  }
}
