package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.mesh.MeshMode;
import io.meshclient.spring.MeshClientProperties.Mode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** What editors complete. */
class MetadataTest {

  @Test
  void modes_are_completed() throws Exception {
    String metadata =
        new ClassPathResource("META-INF/spring-configuration-metadata.json")
            .getContentAsString(StandardCharsets.UTF_8);
    assertThat(metadata).contains("\"type\": \"" + Mode.class.getName() + "\"");
    Set<String> modes =
        Stream.of(MeshMode.values()).map(MeshMode::name).collect(Collectors.toSet());
    modes.add("AUTO");
    assertThat(Mode.values()).extracting(Mode::name).containsExactlyInAnyOrderElementsOf(modes);
  }
}
