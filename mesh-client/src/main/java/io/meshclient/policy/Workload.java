package io.meshclient.policy;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling: the rules that hold depend on the caller's namespace and labels.
 *
 * @param locality {@code null} to take it from the configuration's Pod with these labels and its
 *     Node, where there is one
 * @param domain the cluster's DNS domain, {@code cluster.local} by default
 */
public record Workload(
    String namespace, Map<String, String> labels, @Nullable Locality locality, String domain) {

  public static final String DEFAULT_DOMAIN = "cluster.local";

  public Workload {
    requireNonNull(namespace, "namespace");
    requireNonNull(domain, "domain");
    labels = Map.copyOf(labels);
  }
}
