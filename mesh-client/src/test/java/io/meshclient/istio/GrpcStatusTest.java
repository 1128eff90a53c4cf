package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcStatusTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "OK, 200", "CANCELLED, 499", "UNKNOWN, 500", "INVALID_ARGUMENT, 400",
    "DEADLINE_EXCEEDED, 504", "NOT_FOUND, 404", "ALREADY_EXISTS, 409", "PERMISSION_DENIED, 403",
    "RESOURCE_EXHAUSTED, 429", "FAILED_PRECONDITION, 400", "ABORTED, 409", "OUT_OF_RANGE, 400",
    "UNIMPLEMENTED, 501", "INTERNAL, 500", "UNAVAILABLE, 503", "DATA_LOSS, 500",
    "UNAUTHENTICATED, 401",
  })
  void code_countsAsAStatusOfHttp(String name, int status) {
    assertThat(GrpcStatus.toHttp(Integer.toString(GrpcStatus.number(name)))).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"17", "-1", "fourteen"})
  void whatIsNoCode_countsAs500(String text) {
    assertThat(GrpcStatus.toHttp(text)).isEqualTo(500);
  }
}
