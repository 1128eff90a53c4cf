package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcStatusExceptionTest {

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "7, no, 'at: PERMISSION_DENIED: \"no\"'",
    "7, '', 'at: PERMISSION_DENIED'",
    "99, no, 'at: status 99: \"no\"'",
    "13, 100%25 sure%0A, 'at: INTERNAL: \"100% sure\\u000a\"'",
    "13, %C3%A4, 'at: INTERNAL: \"\\u00e4\"'",
    "13, 5% or %2, 'at: INTERNAL: \"5% or %2\"'",
    "13, %zz, 'at: INTERNAL: \"%zz\"'"
  })
  void message_is_shown_on_one_line(int code, String message, String expected) {
    assertThat(new GrpcStatusException("at", code, message)).hasMessage(expected);
  }
}
