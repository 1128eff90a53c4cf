package io.meshclient.istio;

import java.util.Map;

/** The {@code labels} form of a workload selector, as in Sidecar and ServiceEntry. */
public record LabelSelector(Map<String, String> labels) {

  /** Whether {@code candidate} has every label asked for. */
  public boolean selects(Map<String, String> candidate) {
    return candidate.entrySet().containsAll(labels.entrySet());
  }
}
