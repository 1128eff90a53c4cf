package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

  @Test
  void next_isARandomVersion4Uuid() {
    assertThat(Stream.generate(RequestIds::next).limit(1000).map(UUID::fromString))
        .allSatisfy(
            id -> {
              assertThat(id.version()).isEqualTo(4);
              assertThat(id.variant()).isEqualTo(2);
            });
  }

  @Test
  void next_neverTheSame() {
    assertThat(Stream.generate(RequestIds::next).limit(1000).collect(Collectors.toSet()))
        .hasSize(1000);
  }
}
