package io.meshclient.acceptance.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small application of somebody else's: a pom with Boot's starters and ours, a few classes, and a
 * folder {@code mesh/}.
 *
 * @param boot Boot's version
 * @param stack {@code servlet} or {@code webflux}
 */
record BootProject(String boot, String stack) implements GeneratedProject {
  /** Netty runs without its native parts, which not every repository has for each platform. */
  private static final String WITHOUT_NATIVE =
      Stream.of(
              "netty-codec-native-quic",
              "netty-resolver-dns-native-macos",
              "netty-transport-native-epoll")
          .map(
              name ->
                  "<exclusion><groupId>io.netty</groupId><artifactId>"
                      + name
                      + "</artifactId></exclusion>")
          .collect(Collectors.joining("", "<exclusions>", "</exclusions>"));

  /** What Reactor needs to restore the context on its threads. */
  private static final String PROPAGATION =
      """
      <dependency>
        <groupId>io.micrometer</groupId>
        <artifactId>context-propagation</artifactId>
      </dependency>
      """;

  /** Spans, by the SDK whose version Boot manages. */
  private static final String TELEMETRY =
      Stream.of(
              "opentelemetry-sdk",
              "opentelemetry-sdk-extension-autoconfigure",
              "opentelemetry-exporter-otlp")
          .map(
              name ->
                  "<dependency><groupId>io.opentelemetry</groupId><artifactId>"
                      + name
                      + "</artifactId></dependency>")
          .collect(Collectors.joining());

  private static final Path TEMPLATES = Path.of("resources", "spring");

  @Override
  public String name() {
    return stack + "-" + boot;
  }

  private String line() {
    return boot.startsWith("3.") ? "boot3" : "boot4";
  }

  private List<String> starters() {
    List<String> all = new ArrayList<>(List.of("actuator", "security"));
    all.add(stack.equals("servlet") ? "web" : "webflux");
    if (line().equals("boot4")) {
      all.addAll(List.of("restclient", "webclient"));
    } else if (stack.equals("servlet")) {
      all.add("webflux");
    }
    return all;
  }

  /** Whether Spring processes it ahead of time, as for a native image. */
  boolean isProcessedAhead() {
    return name().equals("servlet-3.5.16") || name().equals("webflux-4.1.2");
  }

  @Override
  public void write(Path parent, String meshVersion) throws IOException {
    Path home = parent.resolve(name());
    Path sources = Files.createDirectories(home.resolve("src/main/java/com/example"));
    Path resources = Files.createDirectories(home.resolve("src/main/resources"));
    Path mesh = Files.createDirectories(home.resolve("mesh"));
    Files.writeString(
        home.resolve("pom.xml"),
        Files.readString(TEMPLATES.resolve("pom.xml"))
            .replace("@boot@", boot)
            .replace("@name@", name())
            .replace("@mesh@", meshVersion)
            .replace("@goals@", isProcessedAhead() ? "<goal>process-aot</goal>" : "")
            .replace(
                "@starters@",
                starters().stream().map(BootProject::starter).collect(Collectors.joining())
                    + (stack.equals("webflux") ? PROPAGATION : TELEMETRY)));
    Files.writeString(
        resources.resolve("application.properties"),
        Files.readString(TEMPLATES.resolve("application.properties")));
    Files.writeString(
        mesh.resolve("rules.yaml"), Files.readString(TEMPLATES.resolve("rules.yaml")));
    copy(TEMPLATES.resolve(stack), sources);
    copy(TEMPLATES.resolve(line()).resolve(stack), sources);
  }

  static String starter(String name) {
    return """
        <dependency>
          <groupId>org.springframework.boot</groupId>
          <artifactId>spring-boot-starter-%s</artifactId>
          %s
        </dependency>
        """
        .formatted(name, name.startsWith("web") ? WITHOUT_NATIVE : "");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.writeString(to.resolve(file.getFileName().toString()), Files.readString(file));
      }
    }
  }
}
