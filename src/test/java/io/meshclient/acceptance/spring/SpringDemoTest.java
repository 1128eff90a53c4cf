package io.meshclient.acceptance.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with web as a Spring Boot application: what is expected of the plain one holds. */
class SpringDemoTest {
  private static final Path ROOT = Path.of("..", "..");

  @Test
  void demo_with_spring_web_meets_every_expectation(@TempDir Path directory) throws Exception {
    Path log = directory.resolve("demo.log");
    Process demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                ROOT.resolve("mesh-client-examples/target/examples.jar").toString(),
                "demo",
                "--config",
                ROOT.resolve("mesh-client-examples/istio").toString(),
                "--spring",
                ROOT.resolve("mesh-client-examples-spring/target/web.jar").toString(),
                "--requests",
                "200")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = demo.waitFor(5, TimeUnit.MINUTES);
      String said = Files.readString(log);
      assertThat(ended).as(said).isTrue();
      assertThat(demo.exitValue()).as(said).isZero();
      assertThat(said).contains("Every expectation held.");
    } finally {
      demo.destroy();
    }
  }
}
