package io.meshclient.policy;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint given in short form, as on a laptop: {@code order-service/v2=localhost:8082}.
 *
 * @param service a short name, resolved in the caller's namespace, or a full host name
 * @param version its {@code version} label, which also stands for the subset of that name; {@code
 *     null} for none
 */
public record StaticEndpoint(String service, @Nullable String version, String address, int port) {

  public StaticEndpoint {
    requireNonNull(service, "service");
    requireNonNull(address, "address");
    if (service.isEmpty()) {
      throw new IllegalArgumentException("service: \"\" (expected: a host name)");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
    }
  }

  /**
   * Parses {@code host:port}, an IPv6 address in brackets.
   *
   * @throws IllegalArgumentException with the value and what was expected
   */
  public static StaticEndpoint of(String service, @Nullable String version, String hostPort) {
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
    return new StaticEndpoint(service, version, host, port);
  }

  /**
   * Parses {@code service[/version]=host:port}.
   *
   * @throws IllegalArgumentException with the value and what was expected
   */
  public static StaticEndpoint parse(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException(
          "endpoint: \"" + text + "\" (expected: service[/version]=host:port)");
    }
    String name = text.substring(0, equals).strip();
    int slash = name.indexOf('/');
    return of(
        slash < 0 ? name : name.substring(0, slash),
        slash < 0 ? null : name.substring(slash + 1),
        text.substring(equals + 1).strip());
  }
}
