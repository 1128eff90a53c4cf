package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.mesh.MeshMode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** What editors complete. */
class MetadataTest {

  @Test
  void modes_are_completed() throws Exception {
    String metadata =
        new ClassPathResource("META-INF/spring-configuration-metadata.json")
            .getContentAsString(StandardCharsets.UTF_8);
    String hints = metadata.substring(metadata.indexOf("\"hints\""));
    assertThat(hints).contains("mesh.client.mode", "\"auto\"");
    for (MeshMode mode : MeshMode.values()) {
      assertThat(hints).contains("\"" + mode.word() + "\"");
    }
  }
}
