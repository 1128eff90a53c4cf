package io.meshclient.istio;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was read: the resources that are good, in the order of reading, and all that is wrong.
 * Immutable, and safe from any thread.
 */
public final class Configuration {
  /** Nothing at all, with Istio's defaults for the mesh. */
  public static final Configuration EMPTY =
      new Configuration(List.of(), MeshConfig.DEFAULT, List.of(), List.of());

  private final List<Resource> resources;
  private final MeshConfig mesh;
  private final List<Problem> problems;
  private final List<Unread> unread;

  private Configuration(
      List<Resource> resources, MeshConfig mesh, List<Problem> problems, List<Unread> unread) {
    this.resources = resources;
    this.mesh = mesh;
    this.problems = problems;
    this.unread = unread;
  }

  /**
   * Reads all sources. Bad content never throws: a document with an error is left out, with a
   * problem that says why; so is a path that does not exist.
   */
  public static Configuration read(List<ConfigSource> sources) {
    requireNonNull(sources, "sources");
    List<FileReading> readings = new ArrayList<>();
    sources.forEach(source -> readings.addAll(SourceFiles.read(source)));
    return of(readings);
  }

  /** The same as {@link #read(List)}. */
  public static Configuration read(ConfigSource... sources) {
    return read(List.of(sources));
  }

  static Configuration of(List<FileReading> readings) {
    Map<Identity, Resource> byIdentity = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    List<Unread> unread = new ArrayList<>();
    for (FileReading reading : readings) {
      problems.addAll(reading.problems());
      unread.addAll(reading.unread());
      for (Resource resource : reading.resources()) {
        Resource earlier = byIdentity.put(Identity.of(resource), resource);
        if (earlier != null) {
          problems.add(replaced(earlier, resource));
        }
      }
    }
    List<Resource> resources = List.copyOf(byIdentity.values());
    MeshConfig mesh = MeshConfig.DEFAULT;
    for (Resource resource : resources) {
      mesh = resource instanceof MeshConfigMap map ? mesh.merge(map.mesh()) : mesh;
    }
    return new Configuration(resources, mesh, List.copyOf(problems), List.copyOf(unread));
  }

  /** All good resources, in the order of reading. */
  public List<Resource> resources() {
    return resources;
  }

  /** Those of one kind, in the order of reading. */
  public <T extends Resource> List<T> all(Class<T> type) {
    return resources.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Istio's defaults, with every mesh configuration that was read on top, in order. */
  public MeshConfig mesh() {
    return mesh;
  }

  /** The same with another mesh configuration. */
  public Configuration withMesh(MeshConfig mesh) {
    return new Configuration(resources, requireNonNull(mesh, "mesh"), problems, unread);
  }

  /**
   * The same without resources that turned out to be wrong later than in reading: in their places
   * are those that had their names before, if there were any, with problems that tell.
   */
  public Configuration withLastGood(Collection<? extends Resource> refused, Configuration before) {
    requireNonNull(before, "before");
    Set<Identity> wrong =
        refused.stream().map(Identity::of).collect(Collectors.toUnmodifiableSet());
    Map<Identity, Resource> good = new HashMap<>();
    before.resources.forEach(resource -> good.put(Identity.of(resource), resource));
    List<Resource> now = new ArrayList<>();
    List<Problem> told = new ArrayList<>(problems);
    for (Resource resource : resources) {
      Identity name = Identity.of(resource);
      Resource kept = wrong.contains(name) ? good.get(name) : resource;
      if (kept != null) {
        now.add(kept);
      }
      if (kept != null && kept != resource) {
        told.add(LastGood.kept(resource.location(), resource));
      }
    }
    return new Configuration(List.copyOf(now), mesh, List.copyOf(told), unread);
  }

  /** All that is wrong, in the order of reading. */
  public List<Problem> problems() {
    return problems;
  }

  /** The documents that could not be read, and of which no earlier version stays in force. */
  public List<Unread> unread() {
    return unread;
  }

  /** Whether a document had to be left out, or a file could not be read. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  private static Problem replaced(Resource earlier, Resource later) {
    String message =
        Identity.of(later)
            + " again: it replaces the one of "
            + earlier.location().fileAndLine()
            + " (expected: one)";
    return new Problem(
        Code.DUPLICATE_RESOURCE.id(), Problem.Severity.WARNING, later.location(), message);
  }

  /** What makes two documents the same resource. */
  record Identity(String kind, @Nullable String namespace, String name) {

    static Identity of(Resource resource) {
      ObjectMeta metadata = resource.metadata();
      return new Identity(resource.kind(), metadata.namespace(), metadata.name());
    }

    @Override
    public String toString() {
      return kind + " " + (namespace == null ? "" : namespace + "/") + name;
    }
  }
}
