package io.meshclient.acceptance.envoy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which mode a port of a workload is in. */
final class PeerAuthenticationModes {

  private final AppliedResources resources;

  PeerAuthenticationModes(AppliedResources resources) {
    this.resources = resources;
  }

  String of(int port) {
    List<Map<String, Object>> all = resources.ofKind("PeerAuthentication");
    String mesh =
        mode(oldest(all, policy -> isOfRoot(policy) && !isSelective(policy)), "PERMISSIVE");
    String namespace = mode(oldest(all, policy -> !isOfRoot(policy) && !isSelective(policy)), mesh);
    Map<String, Object> own = oldest(all, policy -> !isOfRoot(policy) && isSelective(policy));
    String workload = mode(own, namespace);
    for (Map.Entry<?, ?> each : Js.map(Js.map(own, "spec"), "portLevelMtls").entrySet()) {
      if (each.getKey().toString().equals(Integer.toString(port))) {
        return set(Js.string(each.getValue(), "mode"), workload);
      }
    }
    return workload;
  }

  private boolean isOfRoot(Map<String, Object> policy) {
    return AppliedResources.namespaceOf(policy).equals(resources.rootNamespace());
  }

  private static boolean isSelective(Map<String, Object> policy) {
    return !AppliedResources.selectorOf(policy).isEmpty();
  }

  private static Map<String, Object> oldest(
      List<Map<String, Object>> all, Predicate<Map<String, Object>> which) {
    Optional<Map<String, Object>> oldest =
        all.stream()
            .filter(which)
            .min(
                Comparator.comparing(
                    (Map<String, Object> policy) ->
                        String.valueOf(
                            Js.string(Js.map(policy, "metadata"), "creationTimestamp"))));
    return oldest.orElse(Map.of());
  }

  private static String mode(Map<String, Object> policy, String wider) {
    return set(Js.string(Js.map(Js.map(policy, "spec"), "mtls"), "mode"), wider);
  }

  private static String set(String mode, String wider) {
    return mode == null || mode.equals("UNSET") ? wider : mode;
  }
}
