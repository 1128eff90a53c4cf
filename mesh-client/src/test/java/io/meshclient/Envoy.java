package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A real Envoy with one listener, on ports that the system picks. */
final class Envoy implements AutoCloseable {
  private final Process process;
  private final OkHttpClient http = new OkHttpClient();
  private final int admin;
  private final int port;

  private Envoy(Process process, Path adminAddress, Path log) throws IOException {
    this.process = process;
    this.admin = portOf(await(() -> read(adminAddress), log));
    this.port =
        portOf(
            await(
                () -> ask("/ready").startsWith("LIVE") ? ask("/listeners?format=text") : "", log));
  }

  /**
   * Starts one, or skips the test where there is none; the continuous build has to have it.
   *
   * @param bootstrap without an admin interface
   */
  static Envoy start(Path directory, String bootstrap) throws IOException {
    Path binary = find();
    if (binary == null) {
      assertThat(System.getenv("CI")).as("CI, where an Envoy has to be").isNotEqualTo("true");
      assumeTrue(false, "an Envoy on the PATH, or in the cache");
    }
    Path config = directory.resolve("envoy.yaml");
    Path adminAddress = directory.resolve("admin");
    Path log = directory.resolve("envoy.log");
    Files.writeString(
        config,
        "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n" + bootstrap);
    Process process =
        new ProcessBuilder(
                String.valueOf(binary),
                "-c",
                config.toString(),
                "--admin-address-path",
                adminAddress.toString(),
                "--disable-hot-restart",
                "--concurrency",
                "1",
                "-l",
                "warn")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new Envoy(process, adminAddress, log);
    } catch (IOException | RuntimeException | Error e) {
      kill(process);
      throw e;
    }
  }

  private static Path find() {
    List<Path> places = new ArrayList<>();
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      places.add(Path.of(directory, "envoy"));
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    places.add(caches.resolve("mesh-client/envoy/bin/envoy"));
    return places.stream().filter(Files::isExecutable).findFirst().orElse(null);
  }

  private interface Look {
    String now() throws IOException;
  }

  private String await(Look look, Path log) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      String seen = look.now();
      if (!seen.isEmpty()) {
        return seen;
      }
      assertThat(process.isAlive()).as("Envoy runs: %s", read(log)).isTrue();
      assertThat(System.nanoTime()).as("time for Envoy to start").isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private String ask(String path) {
    Request request = new Request.Builder().url("http://127.0.0.1:" + admin + path).build();
    try (Response response = http.newCall(request).execute()) {
      return response.body().string();
    } catch (IOException e) {
      return "";
    }
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static int portOf(String text) {
    return Integer.parseInt(text.strip().substring(text.strip().lastIndexOf(':') + 1));
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  /** The program may be a script that started the real one. */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill(process);
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
