package io.meshclient.acceptance.replay;

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

/** The cases of one category of a corpus directory: traffic/ or security/. */
public final class Corpus {

  private static final String CASE = ".case.yaml";

  private final Path directory;
  private final Path cases;

  private Corpus(Path directory, String category) {
    this.directory = directory;
    this.cases = directory.resolve(category);
  }

  /** The corpus among the test resources. */
  public static Corpus shared(String category) {
    try {
      return at(Path.of(Corpus.class.getResource("/conformance").toURI()), category);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Another corpus of the same form. */
  static Corpus at(Path directory, String category) {
    return new Corpus(directory, category);
  }

  /** The names of the category's cases, sorted. */
  public List<String> names() throws IOException {
    return names(cases, 1);
  }

  List<String> namesOfAllCategories() throws IOException {
    return names(directory, 2);
  }

  private static List<String> names(Path root, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(root, depth)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(CASE))
          .map(file -> file.substring(0, file.length() - CASE.length()))
          .sorted()
          .toList();
    }
  }

  /** A case's YAML. */
  public String text(String name) throws IOException {
    return Files.readString(cases.resolve(name + CASE));
  }

  /** The resources that all cases of the corpus are about. */
  public String cluster() throws IOException {
    return Files.readString(directory.resolve("cluster.yaml"));
  }

  /** What was recorded, request by request. */
  public List<JsonObject> expected(String name) throws IOException {
    Path file = cases.resolve(name + ".expected.json");
    List<JsonObject> expected = new ArrayList<>();
    for (JsonElement request : JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
      expected.add(request.getAsJsonObject());
    }
    return expected;
  }
}
