package io.meshclient.access;

import io.meshclient.istio.ObjectMeta;
import io.meshclient.istio.Selector;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which policies are for a workload. */
final class Scope {
  private Scope() {}

  /** Without labels a selector is for all. */
  static boolean selects(@Nullable Selector selector, Map<String, String> labels) {
    return selector == null || selector.selects(labels);
  }

  /** Whether a document holds in a namespace, being in it or in the mesh's root namespace. */
  static boolean reaches(ObjectMeta metadata, String namespace, String root) {
    String own = metadata.namespaceOr(namespace);
    return own.equals(namespace) || own.equals(root);
  }
}
