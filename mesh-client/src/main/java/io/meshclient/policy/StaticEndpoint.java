package io.meshclient.policy;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint given in short form, as on a laptop: {@code order-service/v2=localhost:8082}.
 *
 * @param service a short name, resolved in the caller's namespace, or a full host name
 * @param labels what subsets select by, in the order given; the label {@code version} also stands
 *     for the subset of that name
 */
public record StaticEndpoint(String service, Map<String, String> labels, String address, int port) {
  private static final String VERSION = "version";

  public StaticEndpoint {
    requireNonNull(service, "service");
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    labels.forEach((name, value) -> requireNonNull(value, name));
    requireNonNull(address, "address");
    if (service.isEmpty()) {
      throw new IllegalArgumentException("service: \"\" (expected: a host name)");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
    }
  }

  /** The label {@code version}; {@code null} for none. */
  public @Nullable String version() {
    return labels.get(VERSION);
  }

  /**
   * Parses {@code host:port}, an IPv6 address in brackets, and labels behind it if there are any:
   * {@code host:port+region=eu+tier=gold}.
   *
   * @throws IllegalArgumentException with the value and what was expected
   */
  public static StaticEndpoint of(String service, @Nullable String version, String text) {
    List<String> parts = Lists.split(text, '+');
    Map<String, String> labels = new LinkedHashMap<>();
    if (version != null) {
      labels.put(VERSION, version);
    }
    for (String label : parts.subList(1, parts.size())) {
      int equals = label.indexOf('=');
      String name = equals < 0 ? "" : label.substring(0, equals).strip();
      if (name.isEmpty() || labels.put(name, label.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException(
            "endpoint of "
                + service
                + ": \""
                + text
                + "\" (expected: host:port+label=value, each label once)");
      }
    }
    return of(service, labels, parts.get(0));
  }

  private static StaticEndpoint of(String service, Map<String, String> labels, String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    String host = colon < 0 ? "" : hostPort.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    int port;
    try {
      port = host.isEmpty() ? -1 : Integer.parseInt(hostPort.substring(colon + 1));
    } catch (NumberFormatException e) {
      port = -1;
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "endpoint of " + service + ": \"" + hostPort + "\" (expected: host:port)");
    }
    return new StaticEndpoint(service, labels, host, port);
  }

  /**
   * Parses {@code service[/version]=host:port[+label=value]...}.
   *
   * @throws IllegalArgumentException with the value and what was expected
   */
  public static StaticEndpoint parse(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException(
          "endpoint: \"" + text + "\" (expected: service[/version]=host:port[+label=value])");
    }
    String name = text.substring(0, equals).strip();
    int slash = name.indexOf('/');
    return of(
        slash < 0 ? name : name.substring(0, slash),
        slash < 0 ? null : name.substring(slash + 1),
        text.substring(equals + 1).strip());
  }
}
