package io.meshclient.istio;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/** What one file, string or classpath resource holds: the good documents, and what is wrong. */
record FileReading(
    String file, List<Resource> resources, List<Problem> problems, List<Unread> unread) {
  /** Of one document; a file that is none of ours would fill the log. */
  private static final int MAX_PROBLEMS = 100;

  /** Whether a document, or all of the file, had to be left out. */
  boolean broken() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  static FileReading unreadable(String file, String message) {
    return unreadable(Location.ofFile(file), message);
  }

  private static FileReading unreadable(Location location, String message) {
    Problem problem = new Problem(Code.UNREADABLE.id(), Problem.Severity.ERROR, location, message);
    return new FileReading(
        location.file(), List.of(), List.of(problem), List.of(Unread.of(location)));
  }

  static FileReading tooLarge(String file, long size) {
    String message = size + " bytes (expected: at most " + YamlText.MAX_BYTES + ")";
    Problem problem =
        new Problem(Code.TOO_LARGE.id(), Problem.Severity.ERROR, Location.ofFile(file), message);
    return new FileReading(
        file, List.of(), List.of(problem), List.of(Unread.of(Location.ofFile(file))));
  }

  static FileReading of(String file, byte[] bytes, boolean bareMesh) {
    if (bytes.length > YamlText.MAX_BYTES) {
      return tooLarge(file, bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length); // a character has a byte or more
    CoderResult end = StandardCharsets.UTF_8.newDecoder().decode(in, text, true);
    text.flip();
    if (end.isError()) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      return unreadable(new Location(file, line, ""), "not UTF-8 (expected: text in UTF-8)");
    }
    return of(file, text.toString(), bareMesh);
  }

  /**
   * @param bareMesh whether a document without a kind holds the lines of a mesh configuration
   */
  static FileReading of(String file, String text, boolean bareMesh) {
    if (text.length() > YamlText.MAX_BYTES) {
      return tooLarge(file, text.length());
    }
    List<Resource> resources = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<Unread> unread = new ArrayList<>();
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (TextDocuments.TextDocument document : TextDocuments.split(content)) {
      List<Problem> found = new ArrayList<>();
      resources.addAll(read(file, document, bareMesh, found, unread));
      problems.addAll(found.subList(0, Math.min(found.size(), MAX_PROBLEMS)));
      if (found.size() > MAX_PROBLEMS) {
        String message = found.size() + " problems in this document; here are " + MAX_PROBLEMS;
        Location location = new Location(file, document.firstLine() + 1, "");
        problems.add(new Problem(Code.TOO_LARGE.id(), Problem.Severity.ERROR, location, message));
      }
    }
    return new FileReading(
        file, List.copyOf(resources), List.copyOf(problems), List.copyOf(unread));
  }

  private static List<Resource> read(
      String file,
      TextDocuments.TextDocument document,
      boolean bareMesh,
      List<Problem> problems,
      List<Unread> unread) {
    int first = document.firstLine();
    String text = document.text();
    String yaml = JsonText.isJson(file, text) ? JsonText.asYaml(text) : text;
    Node root = new YamlText(yaml, file, line -> first + line, problems).parse();
    if (root == null) {
      if (!problems.isEmpty()) {
        unread.add(Unread.of(new Location(file, first + 1, "")));
      }
      return List.of();
    }
    DocumentReader reader =
        new DocumentReader(file, line -> first + line, bareMesh, problems, unread);
    return reader.read(root);
  }
}
