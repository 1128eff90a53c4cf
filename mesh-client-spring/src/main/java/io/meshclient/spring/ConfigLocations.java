package io.meshclient.spring;

import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Where configuration is read from, by Spring's names for places. */
final class ConfigLocations {
  private static final String CLASSPATH = "classpath:";
  private static final String FILE = "file:";
  private static final Path BESIDE = Path.of("mesh");
  private static final String INSIDE = "mesh/";

  private final PathMatchingResourcePatternResolver resources;

  ConfigLocations(ResourceLoader loader) {
    this.resources = new PathMatchingResourcePatternResolver(loader);
  }

  /**
   * The directory {@code mesh}, on the class path and beside the application, as far as it is
   * there.
   */
  List<ConfigSource> byDefault() {
    List<ConfigSource> found = new ArrayList<>(below(INSIDE));
    if (Files.isDirectory(BESIDE)) {
      found.add(ConfigSource.path(BESIDE));
    }
    return found;
  }

  /**
   * What a location means; without {@code classpath:} or {@code file:} it is a path.
   *
   * @throws InvalidPropertyException if nothing can be read there
   */
  List<ConfigSource> of(String property, String location) {
    if (!location.startsWith(CLASSPATH)) {
      return List.of(file(property, location));
    }
    String name = location.substring(CLASSPATH.length());
    String inside = name.startsWith("/") ? name.substring(1) : name;
    List<ConfigSource> found = isDocument(inside) ? one(inside) : below(inside);
    if (found.isEmpty()) {
      throw new InvalidPropertyException(
          property, location, "YAML on the class path, below that name");
    }
    return found;
  }

  private static ConfigSource file(String property, String location) {
    String path = location.startsWith(FILE) ? location.substring(FILE.length()) : location;
    if (!Files.isReadable(Path.of(path))) {
      throw new InvalidPropertyException(
          property, location, "a file or directory that can be read");
    }
    return ConfigSource.path(Path.of(path));
  }

  private List<ConfigSource> one(String name) {
    return resources.getResource(CLASSPATH + name).isReadable()
        ? List.of(ConfigSource.classpath(name))
        : List.of();
  }

  /** Documents of a class path's directory, which a jar can list as well. */
  private List<ConfigSource> below(String directory) {
    String prefix = directory.isEmpty() || directory.endsWith("/") ? directory : directory + "/";
    List<ConfigSource> found = new ArrayList<>();
    try {
      List<Resource> all =
          List.of(resources.getResources("classpath*:" + prefix + "**/*")).stream()
              .filter(resource -> resource.isReadable() && isDocument(name(resource)))
              .sorted(Comparator.comparing(Resource::getDescription))
              .toList();
      for (Resource resource : all) {
        found.add(
            ConfigSource.yaml(
                CLASSPATH + prefix + name(resource),
                resource.getContentAsString(StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      return List.of(); // no such directory
    }
    return found;
  }

  private static String name(Resource resource) {
    String name = resource.getFilename();
    return name == null ? "" : name;
  }

  private static boolean isDocument(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }
}
