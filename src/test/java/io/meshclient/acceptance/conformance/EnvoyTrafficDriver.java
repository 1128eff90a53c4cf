package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.envoy.RunningEnvoy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Sends requests through an Envoy that {@code mesh export envoy} configured. */
final class EnvoyTrafficDriver implements Driver {

  private final RunningEnvoy envoy;
  private final Path files;

  private EnvoyTrafficDriver(RunningEnvoy envoy, Path files) {
    this.envoy = envoy;
    this.files = files;
  }

  /**
   * Drivers of Envoys.
   *
   * @param files gets a directory for each case, with the configuration and what was said of it
   */
  static Driver.Factory on(Backends backends, Path files) {
    return conformanceCase ->
        open(conformanceCase, backends, files.resolve(conformanceCase.name()));
  }

  private static Driver open(ConformanceCase conformanceCase, Backends backends, Path files) {
    Set<Integer> ports = new TreeSet<>();
    conformanceCase.requests().forEach(request -> ports.add(port(request.url())));
    try {
      EnvoyExport.write(conformanceCase, ports, files.toAbsolutePath(), backends);
      RunningEnvoy envoy = RunningEnvoy.start(files.toAbsolutePath(), ports.size());
      return new EnvoyTrafficDriver(envoy, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Answer send(Outgoing request) {
    String rest = request.url().substring(request.url().indexOf("://") + 3);
    int path = rest.length() - rest.split("[/?]", 2)[0].length();
    String target = path == 0 ? "/" : rest.substring(rest.length() - path);
    InetSocketAddress at = envoy.address("127.0.0.1_" + port(request.url()));
    return ProxyCall.send(at, request, target.startsWith("?") ? "/" + target : target);
  }

  /** That of the URL, whatever stands behind it. */
  private static int port(String url) {
    String authority = url.substring(url.indexOf("://") + 3).split("[/?#]", 2)[0];
    String port = authority.substring(authority.lastIndexOf(':') + 1);
    return authority.contains(":") && !authority.endsWith("]") ? Integer.parseInt(port) : 80;
  }

  @Override
  public List<String> problems() {
    try {
      return Files.readAllLines(files.resolve("stderr.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    envoy.close();
  }
}
