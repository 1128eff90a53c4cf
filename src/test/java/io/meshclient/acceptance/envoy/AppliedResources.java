package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The security resources that are for a workload, and what the mesh says.
 *
 * @param namespace of the workload
 * @param labels of the workload
 */
record AppliedResources(
    List<Map<String, Object>> all,
    Map<String, Object> mesh,
    String namespace,
    Map<String, String> labels) {

  static AppliedResources read(
      String config, String mesh, String namespace, Map<String, String> labels) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Object document : yaml().loadAll(config)) {
      if (document instanceof Map<?, ?>) {
        all.add(Js.map(Map.of("document", document), "document"));
      }
    }
    Map<String, Object> settings = yaml().load(mesh);
    return new AppliedResources(all, settings == null ? Map.of() : settings, namespace, labels);
  }

  String rootNamespace() {
    String set = Js.string(mesh, "rootNamespace");
    return set == null ? "istio-system" : set;
  }

  TrustDomains trustDomains() {
    String set = Js.string(mesh, "trustDomain");
    return new TrustDomains(
        set == null ? "cluster.local" : set, Js.strings(mesh, "trustDomainAliases"));
  }

  String normalization() {
    String set = Js.string(Js.map(mesh, "pathNormalization"), "normalization");
    return set == null || set.equals("DEFAULT") ? "BASE" : set;
  }

  /** The resources of a kind in the root namespace and the workload's that select the workload. */
  List<Map<String, Object>> ofKind(String kind) {
    return all.stream()
        .filter(resource -> kind.equals(Js.string(resource, "kind")))
        .filter(resource -> Js.list(Js.map(resource, "spec"), "targetRefs").isEmpty())
        .filter(
            resource ->
                namespaceOf(resource).equals(rootNamespace())
                    || namespaceOf(resource).equals(namespace))
        .filter(this::selects)
        .toList();
  }

  static String namespaceOf(Map<String, Object> resource) {
    String namespace = Js.string(Js.map(resource, "metadata"), "namespace");
    return namespace == null ? "default" : namespace;
  }

  static String nameOf(Map<String, Object> resource) {
    return Js.string(Js.map(resource, "metadata"), "name");
  }

  static Map<String, Object> selectorOf(Map<String, Object> resource) {
    return Js.map(Js.map(Js.map(resource, "spec"), "selector"), "matchLabels");
  }

  private boolean selects(Map<String, Object> resource) {
    return selectorOf(resource).entrySet().stream()
        .allMatch(label -> label.getValue().toString().equals(labels.get(label.getKey())));
  }

  private static Yaml yaml() {
    return new Yaml(new SafeConstructor(new LoaderOptions()));
  }
}
