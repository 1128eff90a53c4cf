package io.meshclient.acceptance.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A generated application in a process of its own, on a free port of the loopback address. */
final class BootApp implements AutoCloseable {
  private final Process process;
  private final StringBuffer output = new StringBuffer();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private BootApp(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param variables beside those of this process
   */
  static BootApp start(
      BootProject project, Path java, Map<String, String> variables, List<String> arguments)
      throws IOException {
    Path home = BootProjects.home(project);
    List<String> command = new ArrayList<>();
    command.add(java.resolve("bin").resolve("java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-jar", home.resolve("target/app.jar").toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().putAll(variables);
    BootApp app = new BootApp(builder.start());
    Thread reader = new Thread(app::read, "output of " + project.name());
    reader.setDaemon(true);
    reader.start();
    return app;
  }

  /** "Tomcat started on port 40123 (http)", "Netty started on port 40123 (http)". */
  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        int at = line.indexOf("started on port ");
        if (at >= 0) {
          String rest = line.substring(at + "started on port ".length());
          port.complete(Integer.parseInt(rest.substring(0, rest.indexOf(' '))));
        }
      }
    } catch (IOException e) {
      output.append(e);
    }
    port.completeExceptionally(new IOException("ended before it listened:\n" + output));
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port.get(2, TimeUnit.MINUTES) + path))
            .timeout(Duration.ofSeconds(60));
    if (headers.length > 0) {
      request.headers(headers);
    }
    // A connection for each: Reactor Netty may leave the third on one unread (its issue 4361).
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  String output() {
    return output.toString();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
