package io.meshclient.istio;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Istio's order of resources: the oldest first, those of one age by name and namespace. */
public final class Order {

  private Order() {}

  /**
   * Those resources in that order.
   *
   * @param defaultNamespace of those that name none
   */
  public static <T extends Resource> List<T> oldestFirst(
      List<T> resources, String defaultNamespace) {
    return resources.stream()
        .sorted(
            Comparator.<T, Instant>comparing(
                    r ->
                        r.metadata().creationTimestamp() == null
                            ? Instant.EPOCH
                            : r.metadata().creationTimestamp())
                .thenComparing(
                    r -> r.metadata().name() + "." + r.metadata().namespaceOr(defaultNamespace)))
        .toList();
  }
}
