package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void values_are_read() throws Json.Malformed {
    Object read =
        Json.parse(
            " { \"a\" : [ 1, -20, 0, 1.5e1, true, false, null, [], {} ] ,"
                + "\"b\":\"\\u00e4\\\"\\\\\\/\\b\\f\\n\\r\\t\" } \n");

    assertThat(read)
        .isEqualTo(
            Map.of(
                "a",
                List.of(1L, -20L, 0L, 15.0, true, false, Json.NULL, List.of(), Map.of()),
                "b",
                "\u00e4\"\\/\b\f\n\r\t"));
  }

  @Test
  void integer_beyond_64_bits_is_no_long() throws Json.Malformed {
    assertThat(Json.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(Json.parse("9223372036854775808")).isEqualTo(9.223372036854775807E18);
    assertThat(Json.parse("1e999999999")).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{}}",
        "{} {}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "nul",
        "truefalse",
        "NaN",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "0x1",
        "\"",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u\uff11\uff11\uff11\uff11\"",
        "\ufeff{}",
        "\u00a01",
        "// x\n1"
      })
  void what_is_no_json_is_refused(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(Json.Malformed.class)
        .hasMessageStartingWith("JSON: ");
  }

  @Test
  void depth_is_bounded() {
    String deep = "[".repeat(100_000);

    assertThatThrownBy(() -> Json.parse(deep)).hasMessage("JSON: deeper than 32 at 33");
  }
}
