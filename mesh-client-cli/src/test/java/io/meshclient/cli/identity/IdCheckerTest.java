package io.meshclient.cli.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdCheckerTest {
  private static final String PATH = " (expected: a-z A-Z 0-9 . - _)";

  @Test
  void lines_are_answered_in_order() throws IOException {
    assertThat(check(false, "spiffe://td/a\nx\n\nspiffe://td/b\n"))
        .isEqualTo(
            """
            valid\tspiffe://td/a
            invalid\tx\tscheme: 'x' at 0 (expected: spiffe://)
            invalid\t\tempty (expected: spiffe://trust-domain/path)
            valid\tspiffe://td/b
            """);
  }

  @Test
  void last_line_needs_no_end() throws IOException {
    assertThat(check(false, "spiffe://td/a")).isEqualTo("valid\tspiffe://td/a\n");
  }

  @Test
  void empty_input_has_no_line() throws IOException {
    assertThat(check(false, "")).isEmpty();
  }

  static Stream<Arguments> echoes() {
    return Stream.of(
        arguments("carriage return", "spiffe://td/a\r", "spiffe://td/a\\u000d", "path: U+000D"),
        arguments("tab", "spiffe://td/\ta", "spiffe://td/\\u0009a", "path: U+0009 at 12"),
        arguments("NUL", "spiffe://td/\0", "spiffe://td/\\u0000", "path: U+0000 at 12"),
        arguments("next line", "spiffe://td/\u0085", "spiffe://td/\\u0085", "path: U+0085"),
        arguments("separator", "spiffe://td/\u2028", "spiffe://td/\\u2028", "path: U+2028"),
        arguments("Kelvin sign", "spiffe://\u212a/x", "spiffe://\u212a/x", "trust domain: U+212A"),
        arguments("emoji", "spiffe://td/\ud83d\ude00", "spiffe://td/\ud83d\ude00", "path: U+1F600"),
        arguments("backslash", "spiffe://td/\\u0041", "spiffe://td/\\u0041", "path: '\\' at 12"),
        arguments("mark", "\ufeffspiffe://td/a", "\ufeffspiffe://td/a", "scheme: U+FEFF at 0"),
        arguments("space", " spiffe://td/a ", " spiffe://td/a ", "scheme: U+0020 at 0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("echoes")
  void line_is_shown_as_it_came_on_one_line(String name, String line, String echo, String reason)
      throws IOException {
    assertThat(check(false, line + "\n"))
        .startsWith("invalid\t" + echo + "\t" + reason)
        .endsWith("\n")
        .containsOnlyOnce("\n");
  }

  @Test
  void bytes_that_are_not_utf8_are_an_invalid_line() throws IOException {
    byte[] bytes =
        "spiffe://td/\u00ff\nspiffe://\u00ed\u00a0\u0080\n\u00c0\u00af\nspiffe://td/a"
            .getBytes(ISO_8859_1);

    assertThat(check(false, bytes).lines())
        .hasSize(4)
        .satisfies(
            lines -> {
              assertThat(lines.subList(0, 3))
                  .allMatch(l -> l.startsWith("invalid\t"))
                  .allMatch(l -> l.contains("\tnot UTF-8: byte at "));
              assertThat(lines.get(3)).isEqualTo("valid\tspiffe://td/a");
            });
  }

  static Stream<Arguments> escapes() {
    return Stream.of(
        arguments("spiffe://td/\\u0061", "valid\tspiffe://td/\\u0061"),
        arguments("spiffe://td/\\u004a\\u004A", "valid\tspiffe://td/\\u004a\\u004A"),
        arguments("spiffe://td/a", "valid\tspiffe://td/a"),
        arguments("spiffe://td/\\u000a", "path: U+000A at 12" + PATH),
        arguments("spiffe://\\u212Aube/a", "trust domain: U+212A at 9 (expected: a-z 0-9 . - _)"),
        arguments("spiffe://td/\\uD83D\\uDE00", "path: U+1F600 at 12" + PATH),
        arguments("spiffe://td/\\uD83D", "path: U+D83D at 12" + PATH),
        arguments("spiffe://td/\\\\", "path: '\\' at 12" + PATH),
        arguments("spiffe://td/\\\\u0061", "path: '\\' at 12" + PATH),
        arguments("spiffe://td/\u00e4", "path: U+00E4 at 12" + PATH),
        arguments("spiffe://td/\\n", "escape: at 12"),
        arguments("spiffe://td/\\", "escape: at 12"),
        arguments("spiffe://td/\\u", "escape: at 12"),
        arguments("spiffe://td/\\u004", "escape: at 12"),
        arguments("spiffe://td/\\u00g1", "escape: at 12"),
        arguments("spiffe://td/\\U0041", "escape: at 12"),
        arguments("spiffe://td/\\u{41}", "escape: at 12"),
        arguments("spiffe://td/\\u\uff10\uff10\uff14\uff11", "escape: at 12"),
        arguments("spiffe://td/\\u+041", "escape: at 12"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("escapes")
  void escapes_are_resolved_before_the_check_and_shown_as_given(String line, String expected)
      throws IOException {
    String verdict = check(true, line + "\n");

    if (expected.startsWith("valid")) {
      assertThat(verdict).isEqualTo(expected + "\n");
    } else {
      assertThat(verdict).startsWith("invalid\t" + line + "\t" + expected);
    }
  }

  @Test
  void random_bytes_have_a_line_of_answer_for_each_line() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "\n\\u0d8\r\t".charAt(random.nextInt(8)));
      }
      long lines = new String(bytes, ISO_8859_1).chars().filter(c -> c == '\n').count();
      boolean open = bytes.length > 0 && bytes[bytes.length - 1] != '\n';

      assertThat(check(random.nextBoolean(), bytes).split("\n", -1))
          .hasSize((int) lines + (open ? 2 : 1));
    }
  }

  @Test
  void many_lines_are_answered() throws IOException {
    String verdicts = check(false, "spiffe://td/ns/a/sa/b\nspiffe://TD/a\n".repeat(50_000));

    assertThat(verdicts.lines().filter(l -> l.startsWith("valid\t"))).hasSize(50_000);
    assertThat(verdicts.lines().filter(l -> l.startsWith("invalid\t"))).hasSize(50_000);
  }

  private static String check(boolean escaped, String input) throws IOException {
    return check(escaped, input.getBytes(UTF_8));
  }

  private static String check(boolean escaped, byte[] input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new IdChecker(escaped).check(new ByteArrayInputStream(input), out);
    return out.toString(UTF_8);
  }
}
