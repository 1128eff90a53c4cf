package io.meshclient.istio;

import java.util.Map;

/** {@code matchLabels}: workloads that carry all of these labels; none means all. */
public record Selector(Map<String, String> matchLabels) {

  /** Whether {@code labels} has every label asked for. */
  public boolean selects(Map<String, String> labels) {
    return labels.entrySet().containsAll(matchLabels.entrySet());
  }
}
