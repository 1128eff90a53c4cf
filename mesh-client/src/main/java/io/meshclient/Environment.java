package io.meshclient;

import io.meshclient.mesh.MeshMode;
import io.meshclient.policy.Locality;
import io.meshclient.policy.StaticEndpoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings from outside the program: {@code MESH_CLIENT_*} variables, what Kubernetes' downward API
 * and the service account put into a pod, and OpenTelemetry's service name.
 */
final class Environment {
  static final String MODE = "MESH_CLIENT_MODE";

  private static final Path ACCOUNT_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
  private static final Path POD_LABELS = Path.of("/etc/podinfo/labels");

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  List<Path> config() {
    List<Path> paths = new ArrayList<>();
    for (String part : value("MESH_CLIENT_CONFIG").split(File.pathSeparator, -1)) {
      if (!part.isBlank()) {
        paths.add(Path.of(part.strip()));
      }
    }
    return paths;
  }

  @Nullable Path meshConfig() {
    String path = value("MESH_CLIENT_MESH_CONFIG");
    return path.isEmpty() ? null : Path.of(path);
  }

  /** {@code order-service/v2=localhost:8082,payment-service=localhost:8083}. */
  List<StaticEndpoint> endpoints() {
    List<StaticEndpoint> endpoints = new ArrayList<>();
    for (String part : value("MESH_CLIENT_ENDPOINTS").split(",", -1)) {
      if (!part.isBlank()) {
        try {
          endpoints.add(StaticEndpoint.parse(part.strip()));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("MESH_CLIENT_ENDPOINTS: " + e.getMessage(), e);
        }
      }
    }
    return endpoints;
  }

  @Nullable String service() {
    String own = value("MESH_CLIENT_SERVICE");
    String shared = value("OTEL_SERVICE_NAME");
    return !own.isEmpty() ? own : shared.isEmpty() ? null : shared;
  }

  String namespace() {
    for (String variable : List.of("MESH_CLIENT_NAMESPACE", "POD_NAMESPACE")) {
      if (!value(variable).isEmpty()) {
        return value(variable);
      }
    }
    String mounted = read(ACCOUNT_NAMESPACE).strip();
    return mounted.isEmpty() ? "default" : mounted;
  }

  @Nullable Locality locality() {
    String text = value("MESH_CLIENT_LOCALITY");
    try {
      return text.isEmpty() ? null : Locality.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("MESH_CLIENT_LOCALITY: " + e.getMessage(), e);
    }
  }

  /** {@code null} where it is to be found out. */
  @Nullable MeshMode meshMode() {
    String word = value(MODE);
    try {
      return word.isEmpty() || word.equals("auto") ? null : MeshMode.of(word);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          MODE + ": \"" + word + "\" (expected: auto, " + MeshMode.words() + ")", e);
    }
  }

  /** {@code null} for as the configuration says. */
  @Nullable Boolean accessLog() {
    String word = value("MESH_CLIENT_ACCESS_LOG");
    return switch (word) {
      case "" -> null;
      case "on", "true" -> true;
      case "off", "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "MESH_CLIENT_ACCESS_LOG: \"" + word + "\" (expected: on, off)");
    };
  }

  /**
   * {@code MESH_CLIENT_LABELS=app=web,version=v1}, else the labels that the downward API mounts.
   */
  Map<String, String> labels() {
    String own = value("MESH_CLIENT_LABELS");
    Map<String, String> labels = new LinkedHashMap<>();
    for (String part :
        (own.isEmpty() ? read(POD_LABELS) : own).split(own.isEmpty() ? "\n" : ",", -1)) {
      int equals = part.indexOf('=');
      if (part.isBlank()) {
        continue;
      }
      if (equals <= 0) {
        throw new IllegalArgumentException(
            "MESH_CLIENT_LABELS: \"" + part + "\" (expected: key=value,key=value)");
      }
      labels.put(part.substring(0, equals).strip(), unquoted(part.substring(equals + 1).strip()));
    }
    return labels;
  }

  private String value(String name) {
    return variables.getOrDefault(name, "").strip();
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  private static String read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
