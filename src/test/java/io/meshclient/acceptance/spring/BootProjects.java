package io.meshclient.acceptance.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Builds projects with the Maven of this machine, in one run. The just-built jars are modules of
 * that run, made of what is in the jars: nothing is put into the local repository.
 */
final class BootProjects {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path HOME = Path.of("target", "boot").toAbsolutePath();
  private static final Path TESTED = Path.of("target", "boot-tested").toAbsolutePath();
  private static final List<String> OURS = List.of("mesh-client", "mesh-client-spring");

  private BootProjects() {}

  /** The jar of one of our modules, as the build has just made it. */
  static Path jar(String module) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException(module + ": no jar (expected: mvn package before)"));
    }
  }

  /** The directory of a project that was built. */
  static Path home(BootProject project) {
    return HOME.resolve(project.name());
  }

  /** Writes and builds the projects. */
  static void build(List<BootProject> projects) throws IOException, InterruptedException {
    run(HOME, projects, List.of("-Dmaven.test.skip=true", "package"));
  }

  /** Writes the projects and runs their tests. */
  static void test(List<? extends GeneratedProject> projects)
      throws IOException, InterruptedException {
    run(TESTED, projects, List.of("test"));
  }

  private static void run(
      Path home, List<? extends GeneratedProject> projects, List<String> arguments)
      throws IOException, InterruptedException {
    delete(home);
    Files.createDirectories(home);
    List<String> modules = new ArrayList<>(OURS);
    for (String module : OURS) {
      repackage(home, module);
    }
    for (GeneratedProject project : projects) {
      project.write(home, version());
      modules.add(project.name());
    }
    Files.writeString(home.resolve("pom.xml"), aggregator(modules));
    List<String> offline = new ArrayList<>(arguments);
    offline.add("--offline");
    if (maven(home, offline) != 0) {
      int status = maven(home, arguments);
      assertThat(status).as("mvn %s: %s", arguments, Files.readString(log(home))).isZero();
    }
  }

  private static String version() throws IOException {
    String name = jar("mesh-client").getFileName().toString();
    return name.substring("mesh-client-".length(), name.length() - ".jar".length());
  }

  private static void repackage(Path parent, String module) throws IOException {
    Path home = parent.resolve(module);
    Path content = Files.createDirectories(home.resolve("src/main/resources"));
    String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    int build = pom.indexOf("<build>");
    String without =
        build < 0
            ? pom
            : pom.substring(0, build)
                + pom.substring(pom.indexOf("</build>") + "</build>".length());
    String root = home.relativize(ROOT.resolve("pom.xml")).toString();
    Files.writeString(
        home.resolve("pom.xml"),
        without.replace("<relativePath>../pom.xml", "<relativePath>" + root));
    try (JarFile jar = new JarFile(jar(module).toFile())) {
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          Path file = content.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
          }
        }
      }
    }
  }

  private static String aggregator(List<String> modules) {
    StringBuilder list = new StringBuilder();
    modules.forEach(module -> list.append("<module>").append(module).append("</module>"));
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>all</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules>%s</modules>
        </project>
        """
        .formatted(list);
  }

  private static int maven(Path directory, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    String home = System.getProperty("maven.home");
    command.add(home == null ? "mvn" : Path.of(home, "bin", "mvn").toString());
    command.addAll(List.of("-q", "-B", "-ntp", "-Djacoco.skip"));
    command.addAll(List.of("-Denforcer.skip", "-Dspotless.check.skip"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectErrorStream(true).redirectOutput(log(directory).toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        throw new IOException("mvn: not done after 10 min: " + Files.readString(log(directory)));
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path log(Path directory) {
    return directory.resolve("mvn.log");
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }
}
