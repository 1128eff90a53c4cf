package io.meshclient.cli.options;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.mesh.MeshMode;
import io.meshclient.policy.StaticEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which configuration, and for which workload. */
public final class WorkloadOptions {

  @Option(
      names = "--config",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      parameterConsumer = PathsConsumer.class,
      description = "Files or directories of Istio and Kubernetes YAML; may be repeated.")
  List<Path> config = new ArrayList<>();

  @Option(
      names = "--mesh-config",
      paramLabel = "FILE",
      description = "MeshConfig: a ConfigMap with a mesh key, or the lines that such a key holds.")
  @Nullable Path meshConfig;

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      defaultValue = "default",
      description = "The caller's namespace (default: ${DEFAULT-VALUE}).")
  String namespace = "default";

  @Option(
      names = "--labels",
      paramLabel = "k=v",
      split = ",",
      splitSynopsisLabel = ",",
      converter = LabelConverter.class,
      description = "The caller's labels.")
  List<Map.Entry<String, String>> labels = new ArrayList<>();

  @Option(
      names = "--endpoint",
      paramLabel = "service[/version]=host:port[+label=value]",
      converter = EndpointConverter.class,
      description = "Where a version of a service runs; may be repeated.")
  List<StaticEndpoint> endpoints = new ArrayList<>();

  /**
   * A client as that workload, which hears nothing of this process's environment, and takes a mesh
   * to be absent.
   *
   * @throws CommandFailure if there is nothing to be read at one of the paths
   */
  public MeshClientBuilder builder() {
    for (Path path : config) {
      requireReadable("--config", path);
    }
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .meshMode(MeshMode.NONE)
            .config(config.toArray(Path[]::new))
            .namespace(namespace)
            .labels(labels());
    if (meshConfig != null) {
      requireReadable("--mesh-config", meshConfig);
      builder.meshConfig(ConfigSource.path(meshConfig));
    }
    endpoints.forEach(builder::endpoint);
    return builder;
  }

  /**
   * What is configured, for those that compile it themselves.
   *
   * @throws CommandFailure if there is nothing to be read at one of the paths
   */
  public Configuration configuration() {
    List<ConfigSource> sources = new ArrayList<>();
    for (Path path : config) {
      requireReadable("--config", path);
      sources.add(ConfigSource.path(path));
    }
    if (meshConfig != null) {
      requireReadable("--mesh-config", meshConfig);
      sources.add(ConfigSource.path(meshConfig).asMeshConfig());
    }
    return Configuration.read(sources);
  }

  public List<StaticEndpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  public String namespace() {
    return namespace;
  }

  /** In the order of the command line; of a label that is given twice the last one holds. */
  public Map<String, String> labels() {
    Map<String, String> all = new LinkedHashMap<>();
    labels.forEach(label -> all.put(label.getKey(), label.getValue()));
    return all;
  }

  private static void requireReadable(String option, Path path) {
    if (!Files.isReadable(path)) {
      throw new CommandFailure(
          option + ": \"" + path + "\" (expected: a file or directory that can be read)");
    }
  }

  static final class LabelConverter implements ITypeConverter<Map.Entry<String, String>> {
    @Override
    public Map.Entry<String, String> convert(String value) {
      int equals = value.indexOf('=');
      if (equals <= 0) {
        throw new TypeConversionException("\"" + value + "\" (expected: k=v,k=v)");
      }
      return Map.entry(value.substring(0, equals), value.substring(equals + 1));
    }
  }

  static final class EndpointConverter implements ITypeConverter<StaticEndpoint> {
    @Override
    public StaticEndpoint convert(String value) {
      try {
        return StaticEndpoint.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
