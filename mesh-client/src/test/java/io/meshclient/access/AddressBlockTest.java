package io.meshclient.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressBlockTest {

  /** As a real Envoy decides, where an address of version 4 is written as one of version 6. */
  @ParameterizedTest(name = "{1} in {0}: {2}")
  @CsvSource({
    "203.0.113.0/24, 203.0.113.9, true",
    "203.0.113.0/24, 203.0.114.9, false",
    "::ffff:203.0.113.0/120, 203.0.113.9, false",
    "::ffff:203.0.113.0/120, ::ffff:203.0.113.9, true",
    "203.0.113.0/24, ::ffff:203.0.113.9, false",
    "::/0, 203.0.113.9, false",
    "::/0, 2001:db8::1, true",
    "0.0.0.0/0, 2001:db8::1, false"
  })
  void block_holdsAddressesOfItsVersion(String block, String address, boolean held) {
    AddressBlock read = Objects.requireNonNull(AddressBlock.parse(block));
    InetAddress candidate = Objects.requireNonNull(AddressBlock.address(address));

    assertThat(read.contains(candidate)).isEqualTo(held);
  }

  @Test
  void lines_areJoinedWithoutATraceOfEmptyOnes() {
    assertThat(JoinedHeaders.join(List.of("", "a", "", "b"))).isEqualTo("a,b");
    assertThat(JoinedHeaders.join(List.of("", ""))).isEmpty();
  }
}
