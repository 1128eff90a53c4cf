package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names what the library reads of the environment, and nothing else. */
class ConfigurationPageTest {
  private static final Pattern IN_CODE = Pattern.compile("\"(MESH_CLIENT_[A-Z_]+)");
  private static final Pattern ON_PAGE = Pattern.compile("`(MESH_CLIENT_[A-Z_]+)");

  @Test
  void variables_ofTheCode_areThoseOfThePage() throws IOException {
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        addAll(read, IN_CODE, file);
      }
    }
    Set<String> documented = new TreeSet<>();
    addAll(documented, ON_PAGE, Path.of("..", "docs", "configuration.md"));

    assertThat(documented).isNotEmpty().isEqualTo(read);
  }

  private static void addAll(Set<String> names, Pattern pattern, Path file) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(file));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
  }
}
