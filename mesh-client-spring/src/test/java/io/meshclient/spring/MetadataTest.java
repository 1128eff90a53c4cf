package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.mesh.MeshMode;
import io.meshclient.spring.MeshClientProperties.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** What editors complete. */
class MetadataTest {

  private static String metadata() throws IOException {
    return new ClassPathResource("META-INF/spring-configuration-metadata.json")
        .getContentAsString(StandardCharsets.UTF_8);
  }

  @Test
  void properties_of_nested_records_are_completed() throws IOException {
    assertThat(metadata())
        .contains("mesh.client.identity.sds", "mesh.client.inbound.sidecar")
        .contains("how long the start waits for the identity");
  }

  @Test
  void modes_are_completed() throws IOException {
    assertThat(metadata()).contains("\"type\": \"" + Mode.class.getName() + "\"");
    Set<String> modes =
        Stream.of(MeshMode.values()).map(MeshMode::name).collect(Collectors.toSet());
    modes.add("AUTO");
    assertThat(Mode.values()).extracting(Mode::name).containsExactlyInAnyOrderElementsOf(modes);
  }
}
