package io.meshclient.telemetry;

import java.util.Map;

/**
 * One end of a request, in the words of Istio's labels; what is not known is {@code unknown}.
 *
 * @param principal its SPIFFE ID
 */
public record Peer(
    String workload, String namespace, String app, String version, String principal) {

  public static final String UNKNOWN = "unknown";

  /** Nothing is known of it. */
  public static final Peer NOBODY = new Peer(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

  public Peer {
    workload = known(workload);
    namespace = known(namespace);
    app = known(app);
    version = known(version);
    principal = known(principal);
  }

  /**
   * A workload by its labels, by Kubernetes' usual names of them.
   *
   * @param pod its name, of which the workload's is a part; may be empty
   */
  public static Peer of(String pod, String namespace, Map<String, String> labels) {
    String app = labels.getOrDefault("app", labels.getOrDefault("app.kubernetes.io/name", ""));
    String version =
        labels.getOrDefault("version", labels.getOrDefault("app.kubernetes.io/version", ""));
    return new Peer(workload(pod), namespace, app, version, "");
  }

  /** Without what a ReplicaSet appends: its own hash, and five characters for the pod. */
  private static String workload(String pod) {
    int last = pod.lastIndexOf('-');
    int before = last < 0 ? -1 : pod.lastIndexOf('-', last - 1);
    boolean made = before > 0 && pod.length() - last == 6 && isHash(pod, before + 1, last);
    return made ? pod.substring(0, before) : pod;
  }

  /** Kubernetes' alphabet for them has no vowels. */
  private static boolean isHash(String pod, int from, int to) {
    for (int i = from; i < to; i++) {
      if ("bcdfghjklmnpqrstvwxz2456789".indexOf(pod.charAt(i)) < 0) {
        return false;
      }
    }
    return to - from >= 6 && to - from <= 10;
  }

  /** The same, with a proof of who it is. */
  public Peer withPrincipal(String id) {
    return new Peer(workload, namespace, app, version, id);
  }

  private static String known(String text) {
    return text.isEmpty() ? UNKNOWN : text;
  }
}
