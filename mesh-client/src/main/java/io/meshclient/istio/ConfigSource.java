package io.meshclient.istio;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where configuration comes from: a file or a directory, a classpath resource, or a string. Nothing
 * is read before {@link Configuration#read} or {@link ConfigWatcher#start}. Immutable.
 */
public final class ConfigSource {
  private final String name;
  private final @Nullable Path path;
  private final @Nullable String resource;
  private final @Nullable String text;
  private final boolean meshConfig;

  private ConfigSource(
      String name,
      @Nullable Path path,
      @Nullable String resource,
      @Nullable String text,
      boolean meshConfig) {
    this.name = name;
    this.path = path;
    this.resource = resource;
    this.text = text;
    this.meshConfig = meshConfig;
  }

  /**
   * A file, or a directory with all {@code .yaml}, {@code .yml} and {@code .json} files in it and
   * below, in the order of their names. What begins with a dot is passed over, so that a mounted
   * ConfigMap is read once. Files of a directory are named relative to it in problems.
   */
  public static ConfigSource path(Path path) {
    requireNonNull(path, "path");
    return new ConfigSource(path.toString(), path, null, null, false);
  }

  /** A resource of the classpath, such as {@code mesh/reviews.yaml}. */
  public static ConfigSource classpath(String resource) {
    requireNonNull(resource, "resource");
    String name = resource.startsWith("/") ? resource.substring(1) : resource;
    return new ConfigSource("classpath:" + name, null, name, null, false);
  }

  /**
   * Text itself.
   *
   * @param name takes the place of the file in problems
   */
  public static ConfigSource yaml(String name, String text) {
    requireNonNull(name, "name");
    requireNonNull(text, "text");
    return new ConfigSource(name, null, null, text, false);
  }

  /**
   * The same, where documents without a kind are the lines of Istio's MeshConfig; a ConfigMap is
   * one as always.
   */
  public ConfigSource asMeshConfig() {
    return new ConfigSource(name, path, resource, text, true);
  }

  String name() {
    return name;
  }

  @Nullable Path path() {
    return path;
  }

  @Nullable String resource() {
    return resource;
  }

  @Nullable String text() {
    return text;
  }

  boolean isMeshConfig() {
    return meshConfig;
  }

  @Override
  public String toString() {
    return name;
  }
}
