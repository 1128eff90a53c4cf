package io.meshclient.istio;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object's metadata.
 *
 * @param namespace {@code null} where the document names none: it belongs to the one it is applied
 *     in
 * @param creationTimestamp decides which of two rules for one host holds: the older
 */
@Lenient
public record ObjectMeta(
    String name,
    @Nullable String namespace,
    Map<String, String> labels,
    Map<String, String> annotations,
    @Nullable Instant creationTimestamp) {

  public ObjectMeta {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The namespace, or {@code otherwise} where the document names none. */
  public String namespaceOr(String otherwise) {
    return namespace == null ? otherwise : namespace;
  }
}
