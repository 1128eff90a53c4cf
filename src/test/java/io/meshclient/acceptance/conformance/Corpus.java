package io.meshclient.acceptance.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The traffic cases of a corpus directory: cluster.yaml and traffic/. */
final class Corpus {

  private static final String CASE = ".case.yaml";

  private final Path directory;

  private Corpus(Path directory) {
    this.directory = directory;
  }

  /** The corpus among the test resources. */
  static Corpus shared() {
    try {
      return at(Path.of(Corpus.class.getResource("/conformance").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Another corpus of the same form. */
  static Corpus at(Path directory) {
    return new Corpus(directory);
  }

  /** The names of all cases, sorted. */
  List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("traffic"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(CASE))
          .map(file -> file.substring(0, file.length() - CASE.length()))
          .sorted()
          .toList();
    }
  }

  ConformanceCase read(String name) throws IOException {
    return CaseReader.read(
        name,
        Files.readString(directory.resolve("cluster.yaml")),
        Files.readString(directory.resolve("traffic").resolve(name + CASE)));
  }

  /** What was recorded, request by request. */
  List<JsonObject> expected(String name) throws IOException {
    Path file = directory.resolve("traffic").resolve(name + ".expected.json");
    List<JsonObject> expected = new ArrayList<>();
    for (JsonElement request : JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
      expected.add(request.getAsJsonObject());
    }
    return expected;
  }
}
