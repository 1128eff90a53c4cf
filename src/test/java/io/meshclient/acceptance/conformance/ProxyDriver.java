package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.replay.MeshProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sends requests from outside, through a {@link MeshProcess} for each case. The pods have to listen
 * at their recorded addresses.
 */
final class ProxyDriver implements Driver {

  private final MeshProcess proxy;

  private ProxyDriver(MeshProcess proxy) {
    this.proxy = proxy;
  }

  /**
   * Drivers of proxies.
   *
   * @param files gets a directory for each case, with the configuration and standard error
   */
  static Driver.Factory keepingFilesIn(Path files) {
    return conformanceCase -> open(conformanceCase, files.resolve(conformanceCase.name()));
  }

  private static Driver open(ConformanceCase conformanceCase, Path files) {
    try {
      Files.createDirectories(files);
      List<String> options = options(conformanceCase, files);
      return new ProxyDriver(MeshProcess.start(options, files.resolve("stderr.txt")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> options(ConformanceCase conformanceCase, Path files)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("proxy", "outbound", "--listen", "127.0.0.1:0"));
    options.addAll(written(conformanceCase, files));
    return options;
  }

  /** The options that say what is configured and for whom, with the files that they name. */
  static List<String> written(ConformanceCase conformanceCase, Path files) throws IOException {
    List<String> options = new ArrayList<>(List.of("--config"));
    options.add(written(files.resolve("cluster.yaml"), conformanceCase.cluster()));
    options.add(written(files.resolve("case.yaml"), conformanceCase.config()));
    options.add("--mesh-config");
    options.add(written(files.resolve("mesh.yaml"), conformanceCase.mesh()));
    options.add("--namespace");
    options.add(conformanceCase.namespace());
    if (!conformanceCase.labels().isEmpty()) {
      options.add("--labels");
      options.add(
          conformanceCase.labels().entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(Collectors.joining(",")));
    }
    return options;
  }

  private static String written(Path file, String text) throws IOException {
    return Files.writeString(file, text).toString();
  }

  @Override
  public Answer send(Outgoing request) {
    return ProxyCall.send(proxy.address(), request);
  }

  @Override
  public List<String> problems() {
    try {
      return proxy.errors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    proxy.close();
  }
}
