package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {

  @TempDir Path dir;

  @Test
  void directory_isReadInOrderOfNames() throws IOException {
    write("b.yml", namespace("b"));
    write("a.yaml", namespace("a"));
    write(
        "c/d/e.json",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"e\"}}");
    write("c/f.YAML", "x: [");
    write("notes.txt", "no: [");
    write(".hidden.yaml", "no: [");
    write(".git/config.yaml", "no: [");

    Configuration read = Configuration.read(ConfigSource.path(dir));

    assertThat(read.resources()).map(r -> r.metadata().name()).containsExactly("a", "b", "e");
    assertThat(read.resources())
        .map(r -> r.location().file())
        .containsExactly("a.yaml", "b.yml", Path.of("c", "d", "e.json").toString());
    assertThat(read.problems())
        .map(p -> p.location().file())
        .containsExactly(Path.of("c", "f.YAML").toString());
  }

  @Test
  void mountedConfigMap_isReadOnce() throws IOException {
    write("..2026_01_31/a.yaml", namespace("a"));
    Files.createSymbolicLink(dir.resolve("..data"), Path.of("..2026_01_31"));
    Files.createSymbolicLink(dir.resolve("a.yaml"), Path.of("..data", "a.yaml"));

    Configuration read = Configuration.read(ConfigSource.path(dir));

    assertThat(read.problems()).isEmpty();
    assertThat(read.resources()).map(r -> r.location().file()).containsExactly("a.yaml");
  }

  @Test
  void linksUp_areNotFollowedForever() throws IOException {
    write("a/a.yaml", namespace("a"));
    Files.createSymbolicLink(dir.resolve("a").resolve("up"), dir);
    Files.createSymbolicLink(dir.resolve("b"), dir.resolve("a"));

    Configuration read = Configuration.read(ConfigSource.path(dir));

    assertThat(read.problems()).isEmpty();
    assertThat(read.resources()).hasSize(1);
  }

  @Test
  void whatCannotBeRead_isAProblem() throws IOException {
    Files.write(
        dir.resolve("latin.yaml"), "a: b\nc: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.createSymbolicLink(dir.resolve("nowhere.yaml"), dir.resolve("gone"));
    Path missing = dir.resolve("missing");

    assertThat(Configuration.read(ConfigSource.path(dir)).problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0120 latin.yaml:2 not UTF-8 (expected: text in UTF-8)",
            "MESH0120 nowhere.yaml there is no such file or directory");
    assertThat(Configuration.read(ConfigSource.path(missing)).problems())
        .map(Problem::toString)
        .containsExactly("MESH0120 " + missing + " there is no such file or directory");
    assertThat(Configuration.read(ConfigSource.classpath("istio/missing.yaml")).problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0120 classpath:istio/missing.yaml there is no such resource on the classpath");
  }

  @Test
  void largeFile_isNotEvenRead() throws IOException {
    Path large = write("large.yaml", "");
    try (var channel = Files.newByteChannel(large, java.nio.file.StandardOpenOption.WRITE)) {
      channel.position(1L << 40);
      channel.write(java.nio.ByteBuffer.wrap(new byte[1]));
    }

    assertThat(Configuration.read(ConfigSource.path(large)).problems())
        .map(Problem::code)
        .containsExactly("MESH0111");
  }

  private Path write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String namespace(String name) {
    return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n";
  }
}
