package io.meshclient.acceptance.backend;

import java.util.List;

/**
 * A port of a pod that listens in the corpus' cluster.
 *
 * @param name the pod's name
 * @param app the label {@code app}, or what counts as one
 * @param version the label {@code version}, or what counts as one
 * @param address the IP address that the configuration gives it
 * @param port the port that the configuration gives it
 * @param portName what tells a second port from the first, else empty
 */
public record Pod(
    String name, String app, String version, String address, int port, String portName) {

  /** The table of the corpus' README. The pod web-0 and 127.1.6.x are left out: they refuse. */
  public static final List<Pod> ALL =
      List.of(
          pod("order-v1-a", "order-service", "v1", "127.1.0.1"),
          pod("order-v1-b", "order-service", "v1", "127.1.0.2"),
          pod("order-v2-a", "order-service", "v2", "127.1.0.3"),
          pod("payment-a", "payment-service", "v1", "127.1.1.1"),
          pod("payment-b", "payment-service", "v1", "127.1.1.2"),
          pod("payment-c", "payment-service", "v1", "127.1.1.3"),
          pod("payment-d", "payment-service", "v1", "127.1.1.4"),
          pod("inventory-a", "inventory", "v1", "127.1.2.1"),
          pod("inventory-b", "inventory", "v1", "127.1.2.2"),
          new Pod("inventory-a", "inventory", "v1", "127.1.2.1", 9090, "admin"),
          new Pod("inventory-b", "inventory", "v1", "127.1.2.2", 9090, "admin"),
          pod("user-a", "user-service", "v1", "127.1.3.1"),
          pod("ratings-v1", "ratings", "v1", "127.1.4.1"),
          pod("ratings-v2", "ratings", "v2", "127.1.4.2"),
          pod("ratings-v3", "ratings", "v3", "127.1.4.3"),
          pod("external-a", "external", "a", "127.1.5.1"),
          pod("external-b", "external", "b", "127.1.5.2"));

  private static Pod pod(String name, String app, String version, String address) {
    return new Pod(name, app, version, address, 8080, "");
  }

  /** What it calls itself in {@code x-pod}: {@code inventory-a:admin}. */
  public String label() {
    return name + suffix();
  }

  /** The pods of its kind: {@code inventory v1:admin}. */
  public String group() {
    return app + " " + version + suffix();
  }

  private String suffix() {
    return portName.isEmpty() ? "" : ":" + portName;
  }
}
