package io.meshclient.acceptance.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.MeshProcess;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code envoy --mode validate} takes what {@code mesh export envoy} writes, as it is. */
@Tag("envoy")
class ExportedBootstrapTest {
  private static final int SECONDS = 60;
  private static final Path GUIDE = Path.of("..", "..", "mesh-client-examples", "istio");

  @TempDir static Path directory;

  @BeforeAll
  static void find() {
    EnvoyBinary.find();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.isRegularFile(MeshProcess.JAR), MeshProcess.JAR + " is not there");
    }
  }

  @Test
  void guide_asTheSidecarOfAClient() throws Exception {
    assertThat(validated("--labels", "app=web,version=v1")).isEmpty();
  }

  @Test
  void guide_asTheSidecarOfAServer_withMutualTls() throws Exception {
    Path certs = directory.resolve("certs");
    SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/production/sa/payment-service");
    LocalAuthority authority = LocalAuthority.of(id.trustDomain()).build();
    PemDirectorySource.write(certs, new WorkloadIdentity(authority.issue(id), authority.bundles()));

    assertThat(
            validated(
                "--labels",
                "app=payment-service,version=v1",
                "--inbound",
                "8080",
                "--certs",
                certs.toString(),
                "--auto-mtls",
                "all",
                "--tracing",
                "localhost:4317"))
        .isEmpty();
  }

  /** What Envoy says of the guide's configuration and the corpus' cluster; empty if it is good. */
  private static String validated(String... options) throws IOException, InterruptedException {
    Path cluster = Files.writeString(directory.resolve("cluster.yaml"), cluster());
    Path file = directory.resolve("envoy.json");
    List<String> export = new ArrayList<>();
    export.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    export.addAll(List.of("-jar", MeshProcess.JAR.toString(), "export", "envoy", "--config"));
    export.addAll(List.of(GUIDE.toString(), cluster.toString(), "--namespace", "production"));
    export.addAll(List.of("--output", file.toString()));
    export.addAll(List.of(options));
    assertThat(run(export)).as("export").isZero();
    int status =
        run(
            List.of(
                EnvoyBinary.find().toString(),
                "--mode",
                "validate",
                "-l",
                "error",
                "-c",
                file.toString()));
    return status == 0 ? "" : Files.readString(directory.resolve("log.txt"));
  }

  private static String cluster() throws IOException {
    return Corpus.shared("traffic").cluster();
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log.txt").toFile())
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }
}
