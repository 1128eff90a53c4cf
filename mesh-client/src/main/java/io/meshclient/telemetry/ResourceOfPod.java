package io.meshclient.telemetry;

import java.util.Map;

/** What the environment of a pod says of it, by OpenTelemetry's names. */
final class ResourceOfPod {

  private ResourceOfPod() {}

  /** Adds what is known and not there yet. */
  static void addTo(Map<String, String> attributes, Map<String, String> variables) {
    add(attributes, "service.name", variables, "MESH_CLIENT_SERVICE");
    add(attributes, "service.namespace", variables, "POD_NAMESPACE");
    add(attributes, "service.instance.id", variables, "POD_NAME");
    add(attributes, "k8s.namespace.name", variables, "POD_NAMESPACE");
    add(attributes, "k8s.pod.name", variables, "POD_NAME");
    add(attributes, "k8s.pod.ip", variables, "POD_IP");
    add(attributes, "k8s.node.name", variables, "NODE_NAME");
  }

  private static void add(
      Map<String, String> attributes, String key, Map<String, String> variables, String variable) {
    String value = variables.getOrDefault(variable, "");
    if (!value.isBlank()) {
      attributes.putIfAbsent(key, value);
    }
  }
}
