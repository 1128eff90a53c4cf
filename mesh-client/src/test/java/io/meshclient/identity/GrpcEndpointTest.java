package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcEndpointTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "unix:///run/spire/api.sock, unix:///run/spire/api.sock",
    "unix:/run/spire/api.sock, unix:///run/spire/api.sock",
    "tcp://127.0.0.1:8000, tcp://127.0.0.1:8000",
    "tcp://[::1]:8000, 'tcp://[0:0:0:0:0:0:0:1]:8000'"
  })
  void endpoint_is_read(String text, String expected) {
    assertThat(GrpcEndpoint.parse(text)).hasToString(expected);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {
        "",
        "/run/api.sock",
        "unix:run/api.sock",
        "unix://run/api.sock",
        "unix:///",
        "unix:///api.sock?x=1",
        "unix:///api.sock#x",
        "tcp://localhost:8000",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:8000/",
        "tcp://127.0.0.1:8000?x",
        "tcp://user@127.0.0.1:8000",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536",
        "http://127.0.0.1:8000",
        "tcp://1.2.3.4.5:1"
      })
  void endpoint_that_is_none_is_refused(String text) {
    assertThatThrownBy(() -> GrpcEndpoint.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: unix:///path or tcp://address:port)");
  }
}
