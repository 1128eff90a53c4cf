package io.meshclient.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of paths, as a real Envoy was seen to make them. */
class PathFormTest {

  static Stream<Arguments> recorded() throws IOException {
    try (InputStream in = PathFormTest.class.getResourceAsStream("/access/path-forms.tsv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .map(row -> Arguments.of(PathForm.valueOf(row[0]), bytes(row[1]), bytes(row[2])))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("recorded")
  void target_isInItsForm(PathForm form, String sent, String seen) {
    assertThat(Objects.requireNonNullElse(form.of(sent), "")).isEqualTo(seen);
  }

  /** {@code \\xNN} and {@code \\\\} as the byte that they stand for. */
  private static String bytes(String escaped) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        text.append(c);
      } else if (escaped.charAt(i + 1) == 'x') {
        text.append((char) Integer.parseInt(escaped.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        text.append('\\');
        i++;
      }
    }
    return text.toString();
  }
}
