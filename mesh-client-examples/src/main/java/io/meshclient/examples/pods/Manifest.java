package io.meshclient.examples.pods;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** What a control plane would know of the pods: Kubernetes' Namespace, Services and Pods. */
final class Manifest {
  private final String namespace;
  private final StringBuilder text = new StringBuilder();

  private Manifest(String namespace) {
    this.namespace = namespace;
  }

  static String of(String namespace, Map<String, String> services, Collection<Pod> pods) {
    Manifest manifest = new Manifest(namespace);
    services.forEach(manifest::service);
    pods.forEach(manifest::pod);
    return manifest.text.toString();
  }

  private void service(String name, String address) {
    add(
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: %1$s
          namespace: %2$s
        spec:
          clusterIP: %3$s
          selector:
            app: %1$s
          ports:
          - name: http
            port: %4$d
            targetPort: %4$d
        ---
        """,
        name, namespace, address, Pod.PORT);
  }

  private void pod(Pod pod) {
    add(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %1$s
          namespace: %2$s
          labels:
            app: %3$s
            version: %4$s
            security.istio.io/tlsMode: %7$s
        spec:
          serviceAccountName: %3$s
          containers:
          - name: %3$s
            image: none
            ports:
            - containerPort: %6$d
        status:
          phase: Running
          podIP: %5$s
          podIPs:
          - ip: %5$s
          conditions:
          - type: Ready
            status: "True"
        ---
        """,
        pod.name(),
        pod.namespace(),
        pod.app(),
        pod.version(),
        pod.address(),
        Pod.PORT,
        pod.isInjected() ? "istio" : "disabled");
  }

  private void add(String template, Object... values) {
    text.append(String.format(Locale.ROOT, template, values));
  }
}
