package io.meshclient.acceptance.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code docs/spring.md} shows, put into a project as it is there: the starters that it names,
 * rules, properties, the controller, and the tests.
 *
 * @param boot Boot's version
 */
record PageProject(String boot) implements GeneratedProject {
  private static final Path PAGE = Path.of("..", "..", "docs", "spring.md");
  private static final Path TEMPLATES = Path.of("resources", "spring");
  private static final List<String> IMPORTS =
      List.of(
          "static org.assertj.core.api.Assertions.assertThat",
          "io.meshclient.spring.test.*",
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.extension.RegisterExtension",
          "org.springframework.beans.factory.annotation.Autowired",
          "org.springframework.boot.test.context.SpringBootTest",
          "org.springframework.test.context.DynamicPropertyRegistry",
          "org.springframework.test.context.DynamicPropertySource",
          "org.springframework.web.bind.annotation.*",
          "org.springframework.web.client.RestClient");

  private boolean isBoot3() {
    return boot.startsWith("3.");
  }

  @Override
  public String name() {
    return "page-" + boot;
  }

  private List<String> starters() {
    return isBoot3() ? List.of("web", "actuator") : List.of("webmvc", "actuator", "restclient");
  }

  private String testStarter() {
    return isBoot3() ? "test" : "restclient-test";
  }

  @Override
  public void write(Path parent, String meshVersion) throws IOException {
    String page = Files.readString(PAGE);
    Path home = parent.resolve(name());
    Path main = Files.createDirectories(home.resolve("src/main/java/com/example"));
    Path resources = Files.createDirectories(home.resolve("src/main/resources"));
    Path tests = Files.createDirectories(home.resolve("src/test/java/com/example"));
    Files.writeString(home.resolve("pom.xml"), pom(page, meshVersion));
    Files.writeString(
        Files.createDirectories(resources.resolve("mesh")).resolve("rules.yaml"),
        block(page, "yaml", "kind: VirtualService"));
    Files.writeString(
        resources.resolve("application.properties"),
        block(page, "properties", "mesh.client.namespace"));
    Files.writeString(
        main.resolve("Checkout.java"), source(block(page, "java", "class Checkout {"), false));
    Files.writeString(
        tests.resolve("CheckoutTest.java"),
        source(block(page, "java", "class CheckoutTest {"), true));
    Files.writeString(
        tests.resolve("CheckoutSliceTest.java"),
        source(block(page, "java", "class CheckoutSliceTest {"), true));
    Path own = TEMPLATES.resolve("page");
    Files.copy(own.resolve("App.java"), main.resolve("App.java"));
    Files.copy(own.resolve("FiveMinutesTest.java"), tests.resolve("FiveMinutesTest.java"));
  }

  private String pom(String page, String meshVersion) throws IOException {
    List<String> named = new ArrayList<>(starters());
    named.add(testStarter());
    for (String starter : named) {
      if (!page.contains("`spring-boot-starter-" + starter + "`")) {
        throw new IOException(
            PAGE + ": no starter " + starter + " (expected: named for " + boot + ")");
      }
    }
    String test =
        BootProject.starter(testStarter())
            .replace("</artifactId>", "</artifactId><scope>test</scope>");
    return Files.readString(TEMPLATES.resolve("pom.xml"))
        .replace("@boot@", boot)
        .replace("@name@", name())
        .replace("@mesh@", meshVersion)
        .replace("@goals@", "")
        .replace(
            "@starters@",
            starters().stream().map(BootProject::starter).collect(Collectors.joining()) + test);
  }

  private String source(String shown, boolean test) {
    List<String> imports = new ArrayList<>(test ? IMPORTS : IMPORTS.subList(8, IMPORTS.size()));
    if (shown.contains("@RestClientTest")) {
      imports.add(
          isBoot3()
              ? "org.springframework.boot.test.autoconfigure.web.client.RestClientTest"
              : "org.springframework.boot.restclient.test.autoconfigure.RestClientTest");
    }
    return imports.stream()
        .map(one -> "import " + one + ";\n")
        .collect(Collectors.joining("", "package com.example;\n", shown));
  }

  /** The first block of a language that has these words, without the indent of a list. */
  private static String block(String page, String language, String words) throws IOException {
    String fence = "```" + language + "\n";
    for (int at = page.indexOf(fence); at >= 0; at = page.indexOf(fence, at + 1)) {
      int begin = at + fence.length();
      String shown = page.substring(begin, page.indexOf("```", begin));
      if (shown.contains(words)) {
        return shown.stripTrailing().stripIndent() + "\n";
      }
    }
    throw new IOException(PAGE + ": no " + language + " with \"" + words + "\"");
  }
}
